import { describe, expect, it } from 'vitest';
import { context } from '../fixtures/context';
import { drift, evolution, forecast, START, transfer, userEvents } from '../fixtures/results';
import { activityOption, activityTable } from './activity';
import { arrangeDomains } from './arrange';
import { curveOption, thin } from './curve';
import { driftOption, driftTable, partOfDrift } from './drift';
import { chooseFlows } from './flows';
import { forecastHeadline, forecastOption, forecastRows, forecastTable } from './forecast';
import { timeTick, tooltipHtml, windowLabels, zoomBar } from './frame';
import { heatmapOption, heatmapTable } from './heatmap';
import { NOTHING } from './highlight';
import { cellValues } from './measures';
import { sankeyOption, sankeyPick, sankeyTable } from './sankey';
import { streamOption, streamPick } from './stream';
import { lanesOf, timelineOption, timelinePick, timelineTable } from './timeline';

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

  it('tell the year at each of them over several years, long ones by their month', () => {
    const from = Date.UTC(2000, 4, 30) / 1000;
    const every = (days: number, count: number): Float64Array =>
      Float64Array.from({ length: count + 1 }, (_, index) => from + index * days * 86_400);
    expect(windowLabels(every(91, 8), context).slice(0, 3)).toEqual(['May 2000', 'Aug 2000', 'Nov 2000']);
    expect(windowLabels(every(28, 30), context).slice(0, 2)).toEqual(['30 May 2000', '27 Jun 2000']);
    expect(timeTick(from, [from, from + 9e7], context)).toBe('May 2000');
    expect(timeTick(from, [from, from + 9e6], context)).toBe('30 May');
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
    expect(cellValues(row, 'relative')[0]).toBeCloseTo(1, 12);
    expect(cellValues(row, 'relative')[1]).toBeCloseTo(0, 12);
    expect(cellValues(row, 'relative')[3]).toBe(-2);
  });

  it('has a table with the same numbers', () => {
    const table = heatmapTable(evolution(), rows, 'share', context);
    expect(table.columns).toHaveLength(5);
    expect(table.rows.slice(0, 1)[0]?.slice(0, 2)).toEqual(['Falling', '80.0%']);
    expect(table.raw.slice(0, 1)[0]?.slice(0, 2)).toEqual(['Falling', 0.8]);
  });
});

describe('a selection', () => {
  const faded = (option: unknown): unknown[] =>
    shown(option).series[0]?.data.filter((entry) => !Array.isArray(entry) && typeof entry === 'object') ?? [];

  it('fades every cell that is in neither its row nor its column', () => {
    const highlight = { domains: ['Rising'], windows: [2] };
    const option = heatmapOption(evolution(), rows, 'share', context, { log: false, highlight });
    // Of three rows and four windows, one row and one column stay.
    expect(faded(option)).toHaveLength(2 * 3);
    expect(faded(heatmapOption(evolution(), rows, 'share', context))).toEqual([]);
  });

  it('marks its name and its date on the axes', () => {
    const highlight = { domains: ['Rising'], windows: [2] };
    const { xAxis, yAxis } = shown(heatmapOption(evolution(), rows, 'share', context, { log: false, highlight }));
    expect(yAxis.data[1]).toMatchObject({ value: 'Rising', textStyle: { fontWeight: 'bold' } });
    expect(xAxis.data[2]).toMatchObject({ value: '13 Jan', textStyle: { fontWeight: 'bold' } });
  });

  it('makes the bars those of its domains, and fades those of other windows', () => {
    const highlight = { domains: ['Rising'], windows: [1] };
    expect(activityTable(evolution(), false, context, highlight).raw.map((row) => row[1])).toEqual([0, 20, 30, 50]);
    expect(faded(activityOption(evolution(), false, context, highlight))).toHaveLength(3);
  });
});

describe('log scale', () => {
  const look = { log: true, highlight: NOTHING };

  it('colours by orders of magnitude, from the smallest value to the largest', () => {
    const { visualMap, series } = shown(heatmapOption(evolution(), rows, 'events', context, look));
    expect(visualMap.min).toBeCloseTo(Math.log10(5), 12);
    expect(visualMap.max).toBeCloseTo(Math.log10(50), 12);
    expect(series[0]?.data).toContainEqual([3, 1, Math.log10(50)]);
    // Nothing at all takes the lowest colour.
    expect(series[0]?.data).toContainEqual([0, 1, visualMap.min]);
  });

  it('leaves lift alone, which is one already', () => {
    expect(shown(heatmapOption(evolution(), rows, 'relative', context, look)).visualMap).toMatchObject({
      min: -2,
      max: 2,
    });
  });
});

describe('streamgraph', () => {
  it('has a point for each layer and window, and knows a layer by its name', () => {
    const [series] = shown(streamOption(evolution(), rows, 'events', context)).series;
    expect(series?.data).toHaveLength(12);
    expect(series?.data).toContainEqual([START * 1000, 40, '7']);
    expect(streamPick(rows, '3')?.name).toBe('Rising');
    expect(streamPick(rows, 'nobody')).toBeNull();
  });
});

describe('timeline', () => {
  const lanes = lanesOf(userEvents(), 1, 'Others', 'No domain');

  it('has a lane for the largest domains, one for the others and one for none', () => {
    expect(lanes).toEqual({ names: ['Tea', 'Others', 'No domain'], of: [0, 1, 0, 2] });
    expect(lanesOf(userEvents(), 9, 'Others', 'No domain').names).toEqual(['Tea', 'Cups', 'No domain']);
  });

  it('has a series with a shape of its own for each kind', () => {
    const { series } = timelineOption(userEvents(), lanes, context) as {
      series: { symbol: string; data: unknown[] }[];
    };
    expect(series.map(({ data }) => data.length)).toEqual([3, 1]);
    expect(new Set(series.map(({ symbol }) => symbol)).size).toBe(2);
  });

  it('says what was clicked, and lists every event', () => {
    expect(timelinePick(userEvents(), [0, 0, 1])).toEqual({ domain: 'Cups', time: START + 60 });
    expect(timelinePick(userEvents(), [0, 0, 3])).toEqual({ domain: null, time: START + 180 });
    expect(timelinePick(userEvents(), [0, 0, 4])).toBeNull();
    expect(timelineTable(userEvents(), context).raw[1]?.slice(1)).toEqual(['Purchase', 'Cups', 'A mug']);
  });
});

describe('Sankey', () => {
  const small = { from: 7, to: 5, mass: 1, users: 1 };
  const moved = { ...transfer(), flows: [...transfer().flows, small] };
  const picture = chooseFlows(moved, { top: 2, least: 0, domain: null });
  const draw = (drawOthers: boolean): Shown['series'][number] | undefined =>
    shown(sankeyOption(moved, picture, new Map(), context, { drawOthers, highlight: NOTHING })).series[0];

  it('has no cycle: every link goes from the left side to the right side', () => {
    expect(draw(true)?.links).toHaveLength(3);
    for (const link of draw(true)?.links ?? []) {
      expect(link.source).toMatch(/^from /);
      expect(link.target).toMatch(/^to /);
    }
  });

  it('draws the others only when asked, and lists them always', () => {
    expect(draw(false)?.links).toHaveLength(2);
    const table = sankeyTable(moved, picture, context);
    expect(table.rows.at(-1)?.slice(0, 3)).toEqual(['Others', 'Others', '27.3%']);
  });

  it('knows a domain from a flow, and either from the others', () => {
    expect(sankeyPick({ source: 'from 7', target: 'to 3' })).toEqual({ from: 7, to: 3 });
    expect(sankeyPick({ name: 'to 3' })).toEqual({ from: 3, to: 3 });
    expect(sankeyPick({ source: 'from 7', target: 'to others' })).toEqual({ from: 7, to: null });
    expect(sankeyPick(undefined)).toBeNull();
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

describe('what domains account for', () => {
  it('adds up to the distance', () => {
    const parts = ['Falling', 'Rising', 'Peaking'].map((name) => partOfDrift(drift(), evolution(), [name]));
    expect(parts[0]?.[0]).toBeNaN();
    for (let window = 1; window < 4; window += 1) {
      const sum = parts.reduce((total, part) => total + (part[window] ?? 0), 0);
      expect(sum).toBeCloseTo(drift().distance[window] ?? NaN, 12);
    }
  });

  it('is a line of its own and a column of the table', () => {
    const part = { name: 'Due to Rising', values: partOfDrift(drift(), evolution(), ['Rising']) };
    expect(shown(driftOption(drift(), false, context, { highlight: NOTHING, part })).series).toHaveLength(3);
    expect(driftTable(drift(), false, context, part).columns).toHaveLength(5);
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
