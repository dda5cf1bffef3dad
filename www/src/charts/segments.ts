/** Users that go from one segment to another, summed over all pairs of windows: a Sankey of segments, and being away. */
import type { Segments } from 'driftscope';
import type { Messages } from '../i18n/en';
import { domainColour } from './colours';
import { baseOption, NARROW, tooltipHtml, type ChartContext, type ChartTable, type EChartsOption } from './frame';
import { FADED } from './highlight';
import { sankeyLayout } from './sankey';

/** What a segment is called: what it has more of than the others, and what it comes to; a number where neither is told apart. */
export function segmentName(segments: Segments, index: number, t: Messages): string {
  const segment = segments.segments[index];
  if (!segment) return t.segments.away;
  const has = segment.domains.slice(0, 2).map(({ name }) => name);
  const comes = segment.moves.find(({ change, others }) => change > 0 && change > others)?.name;
  const parts = [has.join(' · '), comes !== undefined && !has.includes(comes) ? `→ ${comes}` : ''].filter(Boolean);
  return parts.length > 0 ? parts.join(' ') : t.segments.numbered(String(index + 1));
}

export interface SegmentFlow {
  /** Numbers of segments; as many as there are means being away. */
  from: number;
  to: number;
  users: number;
}

/** Users by segment in a window and in the next one, over all windows; nobody who is away in both. The largest first. */
export function segmentFlows({ flows, segments }: Segments): SegmentFlow[] {
  const size = segments.length + 1;
  const sums = new Float64Array(size * size);
  flows.forEach((users, index) => {
    const cell = index % sums.length;
    sums[cell] = (sums[cell] ?? 0) + users;
  });
  return Array.from(sums, (users, cell) => ({ from: Math.floor(cell / size), to: cell % size, users }))
    .filter(({ from, to, users }) => users > 0 && (from < segments.length || to < segments.length))
    .sort((a, b) => b.users - a.users);
}

export const segmentsHeight = ({ segments }: Segments): number => Math.max(240, (segments.length + 1) * 40 + 40);

const left = (index: number): string => `from ${index}`;
const right = (index: number): string => `to ${index}`;

export function segmentsOption(segments: Segments, chosen: number | null, context: ChartContext): EChartsOption {
  const { colours, format, t, width } = context;
  const count = segments.segments.length;
  const flows = segmentFlows(segments);
  const total = flows.reduce((sum, { users }) => sum + users, 0);
  const names = Array.from({ length: count + 1 }, (_, index) => segmentName(segments, index, t));
  const colourOf = (index: number): string => (index === count ? colours.rest : domainColour(colours, index));
  const lit = (index: number): boolean => chosen === null || chosen === index;
  const node = (index: number, key: string, position: 'left' | 'right') => ({
    name: key,
    itemStyle: { color: colourOf(index), borderWidth: 0, opacity: lit(index) ? 1 : 2 * FADED },
    label: { position, ...(chosen === index ? { fontWeight: 'bold' as const } : {}) },
  });
  const indexOf = (key: string): number => Number(key.split(' ')[1]);
  const nameWidth = width < NARROW ? 88 : Math.min(230, width * 0.24);
  const base = baseOption(context);
  return {
    ...base,
    animation: false,
    tooltip: {
      ...base.tooltip,
      trigger: 'item',
      formatter: (point: unknown) => {
        const { dataType, data, name, value } = point as {
          dataType: 'node' | 'edge';
          data: { source: string; target: string };
          name: string;
          value: number;
        };
        const title =
          dataType === 'node'
            ? (names[indexOf(name)] ?? '')
            : `${names[indexOf(data.source)] ?? ''} → ${names[indexOf(data.target)] ?? ''}`;
        return tooltipHtml(title, [
          { name: t.segments.steps, value: format.integer(value) },
          { name: t.segments.ofAll, value: format.percent(total > 0 ? value / total : 0) },
        ]);
      },
    },
    series: [
      {
        ...sankeyLayout(nameWidth),
        lineStyle: { curveness: 0.5 },
        label: {
          color: colours.ink,
          fontSize: width < NARROW ? 11 : 12,
          width: nameWidth,
          overflow: 'truncate',
          formatter: (point: { name: string }) => names[indexOf(point.name)] ?? '',
        },
        data: [
          ...[...new Set(flows.map(({ from }) => from))].map((index) => node(index, left(index), 'left')),
          ...[...new Set(flows.map(({ to }) => to))].map((index) => node(index, right(index), 'right')),
        ],
        links: flows.map(({ from, to, users }) => ({
          source: left(from),
          target: right(to),
          value: users,
          lineStyle: { color: colourOf(from), opacity: lit(from) || lit(to) ? 0.34 : FADED / 3 },
        })),
      },
    ],
  };
}

/** The segment that a click on a node or a link means; null for being away. */
export function segmentsPick(data: unknown, count: number): number | null {
  const { name, source } = (data ?? {}) as { name?: string; source?: string };
  const index = Number((source ?? name ?? '').split(' ')[1]);
  return Number.isInteger(index) && index < count ? index : null;
}

export function segmentsTable(segments: Segments, { format, t }: Pick<ChartContext, 'format' | 't'>): ChartTable {
  const flows = segmentFlows(segments);
  const total = flows.reduce((sum, { users }) => sum + users, 0);
  const name = (index: number): string => segmentName(segments, index, t);
  return {
    columns: [
      { name: t.segments.from, numeric: false },
      { name: t.segments.to, numeric: false },
      { name: t.segments.steps, numeric: true },
      { name: t.segments.ofAll, numeric: true },
    ],
    rows: flows.map(({ from, to, users }) => [
      name(from),
      name(to),
      format.integer(users),
      format.percent(total > 0 ? users / total : 0),
    ]),
    raw: flows.map(({ from, to, users }) => [name(from), name(to), users, total > 0 ? users / total : 0]),
  };
}
