import type { Transfer } from 'driftscope';
import { describe, expect, it } from 'vitest';
import { transfer } from '../fixtures/results';
import { chooseFlows, transferTotals } from './flows';

/** Flows among five domains, largest first, and a sum that the engine did not list. */
function world(): Transfer {
  const flows = [
    { from: 0, to: 1, mass: 10, users: 5 },
    { from: 1, to: 2, mass: 6, users: 4 },
    { from: 0, to: 3, mass: 3, users: 2 },
    { from: 4, to: 2, mass: 2, users: 2 },
    { from: 3, to: 4, mass: 1, users: 1 },
  ];
  const domains = [0, 1, 2, 3, 4].map((id) => ({ id, name: `d${id}` }));
  return { flows, stayed: [], domains, others: { mass: 3, flows: 7 }, users: 9 };
}
const all = { top: 99, least: 0, domain: null };

describe('transferTotals', () => {
  it('adds up what moved and what stayed', () => {
    expect(transferTotals(transfer())).toEqual({ moved: 10, stayed: 30, movedShare: 0.25 });
    expect(transferTotals({ ...transfer(), flows: [], stayed: [], others: { mass: 0, flows: 0 } }).movedShare).toBe(0);
  });
});

describe('chooseFlows', () => {
  it('loses no mass, whatever is drawn', () => {
    for (const top of [0, 1, 2, 3, 9]) {
      for (const least of [0, 0.1, 0.3, 1]) {
        const { flows, rest, elsewhere, moved, others } = chooseFlows(world(), { top, least, domain: null });
        const drawn = flows.reduce((sum, flow) => sum + flow.mass, 0);
        expect(drawn + rest.reduce((sum, one) => sum + one.mass, elsewhere)).toBeCloseTo(25, 12);
        expect([moved, drawn + others.mass]).toEqual([25, 25]);
        expect(flows.length + others.flows).toBe(12);
      }
    }
  });

  it('sums up smaller flows by the side on which their domain is drawn', () => {
    const { flows, rest, elsewhere } = chooseFlows(world(), { ...all, top: 2 });
    expect(flows.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(rest).toContainEqual({ from: 0, to: null, mass: 3 });
    expect(rest).toContainEqual({ from: null, to: 2, mass: 2 });
    // 3 → 4 has no side that is drawn, and of the unlisted nobody knows.
    expect([elsewhere, rest.length]).toEqual([4, 2]);
  });

  it('takes only what is large enough', () => {
    expect(chooseFlows(world(), { ...all, least: 0.2 }).flows).toHaveLength(2);
    expect(chooseFlows(world(), { ...all, least: 0.4 }).flows).toHaveLength(1);
  });

  it('keeps to the flows of one domain, and to a flow that is selected', () => {
    const own = chooseFlows(world(), { ...all, domain: 4 });
    expect(own.flows.map(({ from, to }) => [from, to])).toEqual([
      [4, 2],
      [3, 4],
    ]);
    expect([own.moved, own.others.flows]).toEqual([3, 0]);
    expect(chooseFlows(world(), { ...all, top: 1, keep: { from: 3, to: 4 } }).flows).toHaveLength(2);
  });
});
