/** The views that were looked at, one after the other: the present one, and those to go back and forth to. */
import { backFromView, noteView, type Target } from './history';
import { changed, FIRST_VIEW, fromQuery, isSame, toQuery, type View } from './view';

/** A query with this loads the invented log by itself: nothing of anyone's is in such a link. */
const SAMPLE = 'sample';

class Views {
  #views = $state.raw<readonly View[]>([FIRST_VIEW]);
  #at = $state(0);
  #log = 0;
  #sample = false;
  /** Changes of the same part in a row are one, while it is typed. */
  #typing: keyof View | null = null;
  /** What a link asked for, until a log is there. */
  linked = $state.raw<{ view: Partial<View>; sample: boolean } | null>(null);

  readonly now: View = $derived(this.#views[this.#at] ?? FIRST_VIEW);
  readonly canUndo: boolean = $derived(this.#at > 0);
  readonly canRedo: boolean = $derived(this.#at + 1 < this.#views.length);

  /** Changes the view; `typed`: the part that is being typed, whose changes in a row count as one. */
  change(change: Partial<View>, typed: keyof View | null = null): void {
    const next = changed(this.now, change);
    if (isSame(next, this.now)) return;
    const replace = typed !== null && typed === this.#typing && this.canUndo;
    const before = this.#views.slice(0, this.#at + (replace ? 0 : 1));
    this.#views = [...before, next];
    this.#at = before.length;
    this.#typing = typed;
    this.#note(replace);
  }

  undo(): void {
    if (!this.canUndo) return;
    this.#typing = null;
    this.#at -= 1;
    if (!backFromView()) this.#note(true);
  }

  redo(): void {
    if (!this.canRedo) return;
    this.#typing = null;
    this.#at += 1;
    this.#note(false);
  }

  /** The view that the browser's back and forward buttons lead to. */
  restore({ query, log, view }: Target): void {
    this.#typing = null;
    if (log === this.#log && view >= 0 && view < this.#views.length) this.#at = view;
    else if (query) this.change(fromQuery(query));
    else this.#note(true);
  }

  /** Begins anew for another log, as the link asked where there was one. */
  begin(first: View, log: number, sample: boolean): void {
    this.#views = [this.linked ? changed(first, this.linked.view) : first];
    this.linked = null;
    this.#at = 0;
    this.#log = log;
    this.#sample = sample;
    this.#typing = null;
    this.#note(true);
  }

  /** Takes over a view that was kept with its log. */
  reopen(query: string): void {
    this.#views = [changed(this.now, fromQuery(query))];
    this.#at = 0;
    this.#note(true);
  }

  /** Takes over what the address asks for. */
  open(hash: string): void {
    const [step, query = ''] = hash.replace(/^#/, '').split(/\?(.*)/s);
    if (step !== 'interest' || !query) return;
    this.linked = { view: fromQuery(query), sample: new URLSearchParams(query).has(SAMPLE) };
  }

  /** The link to the view: settings and selection, no data. */
  get link(): string {
    const { origin, pathname, search } = location;
    return `${origin}${pathname}${search}#interest?${this.#query()}`;
  }

  #query(): string {
    return this.#sample ? `${SAMPLE}&${toQuery(this.now)}` : toQuery(this.now);
  }

  #note(replace: boolean): void {
    noteView(this.#query(), this.#log, this.#at, replace);
  }
}

export const views = new Views();
