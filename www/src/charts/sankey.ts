/** Interest transfer: from the domains on the left to those on the right. A Sankey has no cycles, so that each domain stands on both sides. */
import type { Transfer } from 'driftscope';
import { domainColour } from './colours';
import type { FlowPicture } from './flows';
import { baseOption, NARROW, tooltipHtml, type ChartContext, type ChartTable, type EChartsOption } from './frame';
import { FADED, isDomainLit, type Highlight } from './highlight';

/** Names of nodes: the side, then the domain's id or `others`. */
const left = (id: number | null): string => `from ${id ?? 'others'}`;
const right = (id: number | null): string => `to ${id ?? 'others'}`;

export interface SankeyLook {
  /** Whether what is not drawn flow by flow is drawn in sums. */
  drawOthers: boolean;
  highlight: Highlight;
}

export function sankeyHeight({ flows, rest }: FlowPicture, drawOthers: boolean): number {
  const sides = Math.max(new Set(flows.map((flow) => flow.from)).size, new Set(flows.map((flow) => flow.to)).size);
  const others = drawOthers && rest.length > 0 ? 2 : 1;
  return Math.min(1000, Math.max(280, (sides + others) * 32 + 40));
}

interface Link {
  source: string;
  target: string;
  value: number;
  /** Null for a sum of flows. */
  users: number | null;
  lineStyle: { color: string; opacity?: number };
}

/** How every Sankey of the page lies: names of `nameWidth` pixels on both sides. */
export const sankeyLayout = (nameWidth: number) =>
  ({
    type: 'sankey',
    left: nameWidth + 8,
    right: nameWidth + 8,
    top: 8,
    bottom: 8,
    nodeWidth: 10,
    nodeGap: 14,
    nodeAlign: 'justify',
    layoutIterations: 24,
    draggable: false,
    emphasis: { focus: 'adjacency', lineStyle: { opacity: 0.75 } },
  }) as const;

export function sankeyOption(
  transfer: Transfer,
  picture: FlowPicture,
  ranks: ReadonlyMap<number, number>,
  context: ChartContext,
  { drawOthers, highlight }: SankeyLook,
): EChartsOption {
  const { colours, format, t, width } = context;
  const names = new Map(transfer.domains.map((domain) => [domain.id, domain.name]));
  const narrow = width < NARROW;
  const nameOf = (id: number | null): string => (id === null ? t.app.others : (names.get(id) ?? t.app.unknown));
  const colourOf = (id: number | null): string => domainColour(colours, id === null ? -1 : (ranks.get(id) ?? -1));
  const labels = new Map<string, { id: number | null; name: string }>();
  const nodes: {
    name: string;
    itemStyle: { color: string; borderWidth: number; opacity: number };
    label: { position: 'left' | 'right'; fontWeight?: 'bold' };
  }[] = [];
  const node = (id: number | null, side: 'left' | 'right'): string => {
    const key = side === 'left' ? left(id) : right(id);
    if (labels.has(key)) return key;
    const name = nameOf(id);
    labels.set(key, { id, name });
    const lit = isDomainLit(highlight, name);
    const picked = highlight.domains.includes(name);
    nodes.push({
      name: key,
      itemStyle: { color: colourOf(id), borderWidth: 0, opacity: lit ? 1 : 2 * FADED },
      label: { position: side, ...(picked ? { fontWeight: 'bold' as const } : {}) },
    });
    return key;
  };
  const [one, other] = highlight.domains;
  const isLit = (from: string, to: string): boolean =>
    one === undefined || (other === undefined ? from === one || to === one : from === one && to === other);
  const link = (from: number | null, to: number | null, value: number, users: number | null): Link => ({
    source: node(from, 'left'),
    target: node(to, 'right'),
    value,
    users,
    lineStyle: {
      color: colourOf(from ?? to),
      ...(isLit(nameOf(from), nameOf(to)) ? (other === undefined ? {} : { opacity: 0.8 }) : { opacity: FADED / 3 }),
    },
  });
  const links = picture.flows.map((flow) => link(flow.from, flow.to, flow.mass, flow.users));
  if (drawOthers) links.push(...picture.rest.map(({ from, to, mass }) => link(from, to, mass, null)));
  const nameWidth = narrow ? 88 : Math.min(190, width * 0.2);
  const share = (mass: number): string => format.percent(picture.moved > 0 ? mass / picture.moved : 0);
  return {
    ...baseOption(context),
    animation: false,
    tooltip: {
      ...baseOption(context).tooltip,
      trigger: 'item',
      formatter: (point: unknown) => {
        const { dataType, data, name, value } = point as {
          dataType: 'node' | 'edge';
          data: Link;
          name: string;
          value: number;
        };
        const rows = [
          { name: t.interest.transfer.share, value: share(value) },
          { name: t.interest.transfer.mass, value: format.decimal(value, 1) },
        ];
        if (dataType === 'node') return tooltipHtml(labels.get(name)?.name ?? '', rows);
        const title = `${labels.get(data.source)?.name ?? ''} → ${labels.get(data.target)?.name ?? ''}`;
        if (data.users !== null) rows.push({ name: t.interest.transfer.users, value: format.integer(data.users) });
        else rows.unshift({ name: t.explore.smaller, value: '' });
        return tooltipHtml(title, rows);
      },
    },
    series: [
      {
        ...sankeyLayout(nameWidth),
        blur: { lineStyle: { opacity: 0.08 } },
        lineStyle: { opacity: 0.34, curveness: 0.5 },
        label: {
          color: colours.ink,
          fontSize: narrow ? 11 : 12,
          width: nameWidth,
          overflow: 'truncate',
          formatter: (point: { name: string }) => labels.get(point.name)?.name ?? '',
        },
        data: nodes,
        links,
      },
    ],
  };
}

/** What a click on a node or link means: its domains by id; null for the others. */
export function sankeyPick(data: unknown): { from: number | null; to: number | null } | null {
  const idOf = (key: unknown): number | null => {
    const id = Number(String(key).split(' ')[1]);
    return Number.isInteger(id) ? id : null;
  };
  const { name, source, target } = (data ?? {}) as { name?: string; source?: string; target?: string };
  if (source !== undefined && target !== undefined) return { from: idOf(source), to: idOf(target) };
  if (name === undefined) return null;
  return { from: idOf(name), to: idOf(name) };
}

/** The flows that are drawn on their own, then the sum of all others. */
export function sankeyTable(
  transfer: Transfer,
  picture: FlowPicture,
  { format, t }: Pick<ChartContext, 'format' | 't'>,
): ChartTable {
  const names = new Map(transfer.domains.map((domain) => [domain.id, domain.name]));
  const text = t.interest.transfer;
  const rows: { from: string; to: string; mass: number; users: number | null }[] = picture.flows.map((flow) => ({
    from: names.get(flow.from) ?? t.app.unknown,
    to: names.get(flow.to) ?? t.app.unknown,
    mass: flow.mass,
    users: flow.users,
  }));
  if (picture.others.mass > 0)
    rows.push({ from: t.app.others, to: t.app.others, mass: picture.others.mass, users: null });
  const share = (mass: number): number => (picture.moved > 0 ? mass / picture.moved : 0);
  return {
    columns: [
      { name: text.from, numeric: false },
      { name: text.to, numeric: false },
      { name: text.share, numeric: true },
      { name: text.mass, numeric: true },
      { name: text.users, numeric: true },
    ],
    rows: rows.map((row) => [
      row.from,
      row.to,
      format.percent(share(row.mass)),
      format.decimal(row.mass, 1),
      row.users === null ? '–' : format.integer(row.users),
    ]),
    raw: rows.map((row) => [row.from, row.to, share(row.mass), row.mass, row.users ?? '']),
  };
}
