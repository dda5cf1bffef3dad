/** The heat map as a table whose cells are coloured: to look at, to read out, to select in. */
import type { Evolution } from '../types.js';
import type { Words } from './words.js';

/** A selected cell of the heat map; a domain alone where its name was chosen. */
export interface Selection {
  domain: { id: number; name: string };
  window: number | null;
}

/** The `top` domains by events, largest first. */
export function largest(evolution: Evolution, top: number): number[] {
  return evolution.domains
    .map((domain, row) => ({ row, events: domain.events }))
    .sort((a, b) => b.events - a.events || a.row - b.row)
    .slice(0, top)
    .map(({ row }) => row);
}

/** Fills a cell with `share` of a window, on a scale whose end is `most`. */
function cell(share: number, most: number, words: Words): HTMLTableCellElement {
  const element = document.createElement('td');
  const level = most > 0 && Number.isFinite(share) ? share / most : 0;
  element.style.setProperty('--level', `${Math.round(level * 1000) / 10}%`);
  const text = document.createElement('span');
  text.textContent = words.percent(share);
  element.append(text);
  element.title = text.textContent;
  return element;
}

/** Draws the evolution; `select` hears of clicks and Enter on a domain's name or a cell. */
export function heatMap(
  evolution: Evolution,
  { top, timeZone, words }: { top: number; timeZone: string; words: Words },
  select: (selection: Selection) => void,
): HTMLTableElement {
  const windows = evolution.windows.bounds.length - 1;
  const rows = largest(evolution, top);
  const at = (row: number, window: number): number => evolution.shares[row * windows + window] ?? 0;
  let most = 0;
  for (const row of rows) for (let window = 0; window < windows; window += 1) most = Math.max(most, at(row, window));

  const table = document.createElement('table');
  table.className = 'heat';
  table.createCaption().textContent = words.evolution;
  const head = table.createTHead().insertRow();
  for (const text of [
    words.domain,
    ...Array.from({ length: windows }, (_, window) => words.day(evolution.windows.bounds[window] ?? 0, timeZone)),
  ]) {
    const heading = document.createElement('th');
    heading.scope = 'col';
    heading.textContent = text;
    head.append(heading);
  }
  const body = table.createTBody();
  for (const row of rows) {
    const domain = evolution.domains[row];
    if (!domain) continue;
    const { id, name } = domain;
    const line = body.insertRow();
    const heading = document.createElement('th');
    heading.scope = 'row';
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = name;
    button.onclick = () => select({ domain: { id, name }, window: null });
    heading.append(button);
    line.append(heading);
    for (let window = 0; window < windows; window += 1) {
      const element = cell(at(row, window), most, words);
      element.onclick = () => select({ domain: { id, name }, window });
      line.append(element);
    }
  }
  return table;
}
