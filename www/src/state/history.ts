/**
 * The browser's back and forward buttons move between steps of the page and between views of the interest step, instead of
 * leaving the page and losing the log. The address is a link to the view.
 */

/** What an entry of the browser's history stands for. */
interface Entry {
  step: string;
  /** Which log's views, and which of them. */
  log: number;
  view: number;
  /** Place in the row of entries. */
  place: number;
}

/** The step in whose address the view stands. */
const VIEWED = 'interest';

let current = { step: '', query: '', log: 0, view: 0 };
/** By place: whether the entry was made by a change of the view, so that going back undoes just that. */
let madeByView: boolean[] = [false];
let place = 0;

function write(way: 'pushState' | 'replaceState'): void {
  const { step, query, log, view } = current;
  const entry: Entry = { step, log, view, place };
  const hash = step === VIEWED && query ? `${step}?${query}` : step;
  history[way](entry, '', hash ? `#${hash}` : location.pathname + location.search);
}

function push(byView: boolean): void {
  place += 1;
  madeByView = [...madeByView.slice(0, place), byView];
  write('pushState');
}

/** Adds the step to the browser's history. */
export function pushStep(step: string): void {
  if (current.step === step) return;
  current = { ...current, step };
  push(false);
}

/** Notes the view: as an entry of its own, or, with `replace`, in the present one. */
export function noteView(query: string, log: number, view: number, replace: boolean): void {
  current = { ...current, query, log, view };
  if (current.step !== VIEWED) return;
  if (replace) write('replaceState');
  else push(true);
}

/** Goes back one entry where that undoes a change of the view and nothing else; whether it did. */
export function backFromView(): boolean {
  if (!madeByView[place] || current.step !== VIEWED) return false;
  place -= 1;
  history.back();
  return true;
}

/** Where a back or forward button leads to; `query` where an address was entered by hand. */
export interface Target {
  step: string;
  query: string;
  log: number;
  view: number;
}

/** Calls `go` when a back or forward button was used. A page that is opened anew begins at its start. */
export function followHistory(go: (target: Target) => void): void {
  write('replaceState');
  window.addEventListener('popstate', (event) => {
    const entry = event.state as Entry | null;
    const [named = '', query = ''] = location.hash.slice(1).split(/\?(.*)/s);
    const step = entry?.step ?? named;
    place = entry?.place ?? place;
    current = { ...current, step };
    go({ step, query: entry ? '' : query, log: entry?.log ?? -1, view: entry?.view ?? 0 });
  });
}
