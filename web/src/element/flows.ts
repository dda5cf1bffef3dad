/** Transfer flows as ribbons between two columns: what people turned from, and what they turned to. */
import type { Transfer } from '../types.js';
import type { Words } from './words.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 720;
const NODE = 10;
const GAP = 6;
const NAMES = 190;

interface Node {
  name: string;
  mass: number;
  y: number;
  /** Where the next ribbon starts. */
  next: number;
}

function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number>,
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/** Nodes of one side, largest first, stacked. */
function column(masses: Map<number, number>, names: Map<number, string>, scale: number): Map<number, Node> {
  let y = 0;
  const nodes = new Map<number, Node>();
  for (const [id, mass] of [...masses].sort((a, b) => b[1] - a[1] || a[0] - b[0])) {
    nodes.set(id, { name: names.get(id) ?? '', mass, y, next: y });
    y += mass * scale + GAP;
  }
  return nodes;
}

function sums(transfer: Transfer, end: 'from' | 'to'): Map<number, number> {
  const masses = new Map<number, number>();
  for (const flow of transfer.flows) masses.set(flow[end], (masses.get(flow[end]) ?? 0) + flow.mass);
  return masses;
}

/** Draws the flows in the result, all of them; ask for as many as can be read. */
export function flows(transfer: Transfer, words: Words): SVGSVGElement {
  const names = new Map(transfer.domains.map(({ id, name }) => [id, name]));
  const total = transfer.flows.reduce((sum, flow) => sum + flow.mass, 0);
  const [from, to] = [sums(transfer, 'from'), sums(transfer, 'to')];
  const rows = Math.max(from.size, to.size, 1);
  const scale = total > 0 ? (rows * 20) / total : 0;
  const [left, right] = [column(from, names, scale), column(to, names, scale)];
  const bottom = (nodes: Map<number, Node>): number =>
    Math.max(0, ...[...nodes.values()].map(({ y, mass }) => y + mass * scale));
  const height = Math.max(bottom(left), bottom(right)) + 20;
  const drawing = svg('svg', { viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', 'aria-label': words.flows });
  const [x0, x1] = [NAMES + NODE, WIDTH - NAMES - NODE];
  const middle = (x0 + x1) / 2;
  for (const flow of [...transfer.flows].sort((a, b) => b.mass - a.mass)) {
    const [a, b] = [left.get(flow.from), right.get(flow.to)];
    if (!a || !b) continue;
    const thick = flow.mass * scale;
    const [y0, y1] = [a.next + thick / 2, b.next + thick / 2];
    a.next += thick;
    b.next += thick;
    const ribbon = svg('path', {
      d: `M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}`,
      'stroke-width': Math.max(thick, 0.5),
      class: 'ribbon',
    });
    const title = svg('title', {});
    title.textContent = words.flow(a.name, b.name, total > 0 ? flow.mass / total : 0, flow.users);
    ribbon.append(title);
    drawing.append(ribbon);
  }
  for (const [nodes, x, anchor] of [
    [left, NAMES, 'end'],
    [right, x1, 'start'],
  ] as const)
    for (const { name, mass, y } of nodes.values()) {
      const tall = Math.max(mass * scale, 1);
      drawing.append(svg('rect', { x, y, width: NODE, height: tall, class: 'node' }));
      const label = svg('text', {
        x: anchor === 'end' ? x - 6 : x + NODE + 6,
        y: y + tall / 2,
        'text-anchor': anchor,
        'dominant-baseline': 'central',
      });
      label.textContent = name.length > 26 ? `${name.slice(0, 25)}…` : name;
      drawing.append(label);
    }
  return drawing;
}
