import { describe, expect, it } from 'vitest';
import { context } from '../fixtures/context';
import { drift, evolution, forecast, transfer } from '../fixtures/results';
import { activityTable } from './activity';
import { arrangeDomains } from './arrange';
import { curveOption, thin } from './curve';
import { driftOption, driftTable } from './drift';
import { forecastHeadline, forecastOption, forecastRows, forecastTable } from './forecast';
import { tooltipHtml, windowLabels, zoomBar } from './frame';
import { cellValue, heatmapOption, heatmapTable } from './heatmap';
import { sankeyOption, sankeyTable, transferTotals } from './sankey';

/** The parts of an option that the tests look at. */
interface Shown {
  series: {
    data: unknown[];
    links: { source: string; target: string; value: number }[];
    markLine: { data: unknown[] };
  }[];
  visualMap: { min: number; max: number };
  xAxis: { data: string[] };
  yAxis: { data: string[] };
}
const shown = (option: unknown): Shown => option as Shown;
const rows = arrangeDomains(evolution(), 3, 'size', 'Others');

describe('windows', () => {
  it('tell the year where it changes', () => {
    expect(windowLabels(evolution().windows.bounds, context)).toEqual([
      '30 Dec 2024',
      '6 Jan 2025',
      '13 Jan',
      '20 Jan',
    ]);
  });

  it('get a zoom bar only when there are many', () => {
    expect(zoomBar(context, 10, 48)).toEqual([]);
    expect(zoomBar(context, 49, 48)).toHaveLength(1);
  });
});

describe('heat map', () => {
  it('has one cell for each domain and window, at its place', () => {
    const option = shown(heatmapOption(evolution(), rows, 'events', context));
    expect(option.yAxis.data).toEqual(['Falling', 'Rising', 'Peaking']);
    expect(option.series[0]?.data).toHaveLength(12);
    expect(option.series[0]?.data).toContainEqual([3, 1, 50]);
    expect(option.visualMap).toMatchObject({ min: 0, max: 50 });
  });

  it('does not let the sum of the others take the scale', () => {
    const few = arrangeDomains(evolution(), 1, 'size', 'Others');
    expect(shown(heatmapOption(evolution(), few, 'events', context)).visualMap.max).toBe(40);
  });

  it('shows twice the mean as 1 and absence as the lower end', () => {
    const row = {
      id: 1,
      name: 'a',
      rank: 0,
      weights: new Float64Array(4),
      shares: Float64Array.from([0.2, 0.1, 0.1, 0]),
    };
    expect(cellValue(row, 0, 'relative')).toBeCloseTo(1, 12);
    expect(cellValue(row, 1, 'relative')).toBeCloseTo(0, 12);
    expect(cellValue(row, 3, 'relative')).toBe(-2);
  });

  it('has a table with the same numbers', () => {
    const table = heatmapTable(evolution(), rows, 'share', context);
    expect(table.columns).toHaveLength(5);
    expect(table.rows[0]?.slice(0, 2)).toEqual(['Falling', '80.0%']);
    expect(table.raw[0]?.slice(0, 2)).toEqual(['Falling', 0.8]);
  });
});

describe('Sankey', () => {
  it('has no cycle: every link goes from the left side to the right side', () => {
    const [series] = shown(sankeyOption(transfer(), new Map(), true, context)).series;
    expect(series?.links).toHaveLength(3);
    for (const link of series?.links ?? []) {
      expect(link.source).toMatch(/^from /);
      expect(link.target).toMatch(/^to /);
    }
  });

  it('draws the others only when asked, and lists them always', () => {
    expect(shown(sankeyOption(transfer(), new Map(), false, context)).series[0]?.links).toHaveLength(2);
    const table = sankeyTable(transfer(), context);
    expect(table.rows.at(-1)?.slice(0, 3)).toEqual(['Others', 'Others', '20.0%']);
  });

  it('adds up what moved and what stayed', () => {
    expect(transferTotals(transfer())).toEqual({ moved: 10, stayed: 30, movedShare: 0.25 });
    expect(transferTotals({ ...transfer(), flows: [], stayed: [], others: { mass: 0, flows: 0 } }).movedShare).toBe(0);
  });
});

describe('drift', () => {
  it('draws a gap where there is no distance, and marks the turning point', () => {
    const [series] = shown(driftOption(drift(), false, context)).series;
    expect(series?.data).toEqual(['-', 0.1, 0.5, 0.1]);
    expect(series?.markLine.data).toEqual([{ xAxis: 2 }]);
  });

  it('has one line for one user', () => {
    expect(shown(driftOption(drift(), true, context)).series).toHaveLength(1);
    expect(driftTable(drift(), true, context).columns).toHaveLength(3);
    expect(driftTable(drift(), false, context).rows[2]?.slice(1)).toEqual(['0.500', '0.600', '4.5']);
  });
});

describe('activity', () => {
  it('lists events and users of each window', () => {
    expect(activityTable(evolution(), false, context).rows[1]?.slice(1)).toEqual(['40', '8']);
  });
});

describe('training curve', () => {
  const points = Array.from({ length: 100 }, (_, step) => ({
    epoch: 1,
    step,
    loss: 1,
    validationNdcg10: step === 33 ? 0.5 : null,
  }));

  it('is thinned without losing a validation score or the end', () => {
    const few = thin(points, 10);
    expect(few.length).toBeLessThanOrEqual(12);
    expect(few.map((point) => point.step)).toEqual(expect.arrayContaining([0, 33, 99]));
    expect(thin(points, 100)).toEqual(points);
  });

  it('puts the validation score at its step', () => {
    expect(shown(curveOption(points, context)).series[1]?.data).toEqual([[33, 0.5]]);
  });
});

describe('forecast', () => {
  it('sums up what is beyond the top', () => {
    const few = forecastRows(forecast(), 1, 'Others');
    expect(few.map((row) => row.name)).toEqual(['Rising', 'Others']);
    expect(few[1]?.share).toBeCloseTo(0.5, 12);
    expect(few[1]?.now).toBeCloseTo(0.7, 12);
    expect(shown(forecastOption(few, context)).series[1]?.data).toHaveLength(2);
    expect(forecastTable(few, context).rows[0]).toEqual(['Rising', '30.0%', '50.0%', '+20.0 points']);
  });

  it('names who leads, gains and loses', () => {
    const headline = forecastHeadline(forecast());
    expect([headline.next?.name, headline.now, headline.gain?.name, headline.loss?.name]).toEqual([
      'Rising',
      'Falling',
      'Rising',
      'Falling',
    ]);
    expect(forecastHeadline({ ...forecast(), domains: [] })).toEqual({ next: null, now: null, gain: null, loss: null });
  });
});

describe('names from the log', () => {
  it('never become markup in a tooltip', () => {
    const html = tooltipHtml('<img src=x onerror=alert(1)>', [{ name: '<b>', value: '"', colour: '"><i>' }]);
    expect(html).not.toMatch(/<img|<b><\/span>|"><i>/);
    expect(html).toContain('&lt;img');
  });
});
