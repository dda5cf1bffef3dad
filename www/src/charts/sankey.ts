/** Interest transfer: from the domains on the left to those on the right. A Sankey has no cycles, so that each domain stands on both sides. */
import type { Transfer } from 'driftscope';
import { domainColour } from './colours';
import { baseOption, NARROW, tooltipHtml, type ChartContext, type ChartTable, type EChartsOption } from './frame';

/** Names of nodes: the side, then the domain's id. */
const left = (id: number): string => `from ${id}`;
const right = (id: number): string => `to ${id}`;
const OTHERS_LEFT = 'from others';
const OTHERS_RIGHT = 'to others';

/** All mass that moved and that stayed, the flows that are not listed included. */
export function transferTotals(transfer: Transfer): { moved: number; stayed: number; movedShare: number } {
  const listed = transfer.flows.reduce((sum, flow) => sum + flow.mass, 0);
  const moved = listed + transfer.others.mass;
  const stayed = transfer.stayed.reduce((sum, entry) => sum + entry.mass, 0);
  const all = moved + stayed;
  return { moved, stayed, movedShare: all > 0 ? moved / all : 0 };
}

export function sankeyHeight(transfer: Transfer): number {
  const sides = Math.max(
    new Set(transfer.flows.map((flow) => flow.from)).size,
    new Set(transfer.flows.map((flow) => flow.to)).size,
  );
  return Math.min(1000, Math.max(280, (sides + 1) * 32 + 40));
}

/** `drawOthers`: whether the flows that are not listed are drawn as one. */
export function sankeyOption(
  transfer: Transfer,
  ranks: ReadonlyMap<number, number>,
  drawOthers: boolean,
  context: ChartContext,
): EChartsOption {
  const { colours, format, t, width } = context;
  const names = new Map(transfer.domains.map((domain) => [domain.id, domain.name]));
  const { moved } = transferTotals(transfer);
  const narrow = width < NARROW;
  const nameOf = (id: number): string => names.get(id) ?? t.app.unknown;
  const labels = new Map<string, string>();
  const nodes: {
    name: string;
    itemStyle: { color: string; borderWidth: number };
    label: { position: 'left' | 'right' };
  }[] = [];
  const node = (key: string, name: string, colour: string, side: 'left' | 'right'): void => {
    if (labels.has(key)) return;
    labels.set(key, name);
    nodes.push({ name: key, itemStyle: { color: colour, borderWidth: 0 }, label: { position: side } });
  };
  const links: { source: string; target: string; value: number; users: number; lineStyle: { color: string } }[] = [];
  for (const flow of transfer.flows) {
    const colour = domainColour(colours, ranks.get(flow.from) ?? -1);
    node(left(flow.from), nameOf(flow.from), colour, 'left');
    node(right(flow.to), nameOf(flow.to), domainColour(colours, ranks.get(flow.to) ?? -1), 'right');
    links.push({
      source: left(flow.from),
      target: right(flow.to),
      value: flow.mass,
      users: flow.users,
      lineStyle: { color: colour },
    });
  }
  if (drawOthers && transfer.others.mass > 0) {
    node(OTHERS_LEFT, t.app.others, colours.rest, 'left');
    node(OTHERS_RIGHT, t.app.others, colours.rest, 'right');
    links.push({
      source: OTHERS_LEFT,
      target: OTHERS_RIGHT,
      value: transfer.others.mass,
      users: 0,
      lineStyle: { color: colours.rest },
    });
  }
  const nameWidth = narrow ? 88 : Math.min(190, width * 0.2);
  const share = (mass: number): string => format.percent(moved > 0 ? mass / moved : 0);
  return {
    ...baseOption(context),
    animation: false,
    tooltip: {
      ...baseOption(context).tooltip,
      trigger: 'item',
      formatter: (point: unknown) => {
        const { dataType, data, name, value } = point as {
          dataType: 'node' | 'edge';
          data: { source: string; target: string; users: number };
          name: string;
          value: number;
        };
        const rows = [
          { name: t.interest.transfer.share, value: share(value) },
          { name: t.interest.transfer.mass, value: format.decimal(value, 1) },
        ];
        if (dataType === 'node') return tooltipHtml(labels.get(name) ?? '', rows);
        if (data.source === OTHERS_LEFT) {
          return tooltipHtml(
            t.interest.transfer.otherFlows(transfer.others.flows, format.integer(transfer.others.flows)),
            rows,
          );
        }
        rows.push({ name: t.interest.transfer.users, value: format.integer(data.users) });
        return tooltipHtml(`${labels.get(data.source) ?? ''} → ${labels.get(data.target) ?? ''}`, rows);
      },
    },
    series: [
      {
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
        blur: { lineStyle: { opacity: 0.08 } },
        lineStyle: { opacity: 0.34, curveness: 0.5 },
        label: {
          color: colours.ink,
          fontSize: narrow ? 11 : 12,
          width: nameWidth,
          overflow: 'truncate',
          formatter: (point: { name: string }) => labels.get(point.name) ?? '',
        },
        data: nodes,
        links,
      },
    ],
  };
}

export function sankeyTable(transfer: Transfer, { format, t }: Pick<ChartContext, 'format' | 't'>): ChartTable {
  const names = new Map(transfer.domains.map((domain) => [domain.id, domain.name]));
  const { moved } = transferTotals(transfer);
  const text = t.interest.transfer;
  const rows: { from: string; to: string; mass: number; users: number | null }[] = transfer.flows.map((flow) => ({
    from: names.get(flow.from) ?? t.app.unknown,
    to: names.get(flow.to) ?? t.app.unknown,
    mass: flow.mass,
    users: flow.users,
  }));
  if (transfer.others.mass > 0)
    rows.push({ from: t.app.others, to: t.app.others, mass: transfer.others.mass, users: null });
  const share = (mass: number): number => (moved > 0 ? mass / moved : 0);
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
