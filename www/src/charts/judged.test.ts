import { describe, expect, it } from 'vitest';
import { context } from '../fixtures/context';
import { confusionCells, confusionOption, confusionTable } from './confusion';
import { reliabilityOption, reliabilityTable } from './reliability';

const confusion = {
  domains: [
    { id: 4, name: 'a' },
    { id: 2, name: 'b' },
  ],
  counts: [3, 1, 0, 0, 2, 2, 0, 0, 0],
};

interface Shown {
  series: { data: unknown[] }[];
  yAxis: { data: string[] };
}

describe('the confusion matrix', () => {
  it('shows shares of what came, and only rows that hold something', () => {
    const { names, rows } = confusionCells(confusion, 'Others');
    expect(names).toEqual(['a', 'b', 'Others']);
    expect(rows.map(({ name, cells }) => [name, ...cells.map(({ share }) => share)])).toEqual([
      ['a', 0.75, 0.25, 0],
      ['b', 0, 0.5, 0.5],
    ]);
    const option = confusionOption(confusion, context) as Shown;
    expect(option.series[0]?.data).toContainEqual([2, 1, 0.5]);
    expect(confusionTable(confusion, context).raw).toEqual([
      ['a', 3, 1, 0],
      ['b', 0, 2, 2],
    ]);
  });
});

describe('the reliability diagram', () => {
  it('leaves empty bins out', () => {
    const bins = [
      { low: 0, high: 0.1, count: 0, confidence: 0, accuracy: 0 },
      { low: 0.1, high: 0.2, count: 4, confidence: 0.15, accuracy: 0.25 },
    ];
    const option = reliabilityOption(bins, context) as Shown;
    expect(option.series[1]?.data).toEqual([[0.15, 0.25]]);
    expect(reliabilityTable(bins, context).raw).toEqual([['10% – 20%', 4, 0.15, 0.25]]);
  });
});
