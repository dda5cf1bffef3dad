/**
 * `<drift-scope>`: the heat map and the flows of a log or of results, in plain HTML and in any framework.
 *
 * @example
 * ```html
 * <script type="module">import 'driftscope/element';</script>
 * <drift-scope src="events.csv" window="week"></drift-scope>
 * ```
 *
 * @module driftscope/element
 */
import { create } from './client.js';
import { DriftscopeError, toShape } from './error.js';
import { flows } from './element/flows.js';
import { heatMap, type Selection } from './element/heat-map.js';
import { STYLE } from './element/style.js';
import { wordsOf } from './element/words.js';
import type { DriftscopeApi, Evolution, InterestOptions, LogSources, Transfer, WindowLength } from './types.js';

export type { Selection } from './element/heat-map.js';

/** On a server there are no elements; the module can be imported there all the same. */
const Base = globalThis.HTMLElement ?? class {};

/**
 * Attributes: `src` (address of a log that is read as it is detected), `view` (`heat`, `flows` or `both`, the default),
 * `window` (as `WindowOptions.length`, default: what suits the log), `time-zone` (default UTC), `top` (domains, default 20),
 * `flows` (flows, default 30), `lang`. Properties: `evolution` and `transfer`, results to show; `engine`, a `DriftscopeApi` to
 * use for `src` and `load` (else one is created and disposed of with the element). Events: `driftscope-select` (detail:
 * `Selection`), `driftscope-load` (detail: the quality report), `driftscope-error` (detail: `DriftscopeError`).
 */
export class DriftScopeElement extends Base {
  /** What `attributeChangedCallback` is told of. */
  static readonly observedAttributes = ['src', 'view', 'window', 'time-zone', 'top', 'flows', 'lang'];
  #evolution: Evolution | null = null;
  #transfer: Transfer | null = null;
  #engine: DriftscopeApi | null = null;
  #own = false;
  #busy = false;
  #error: string | null = null;
  #load = 0;
  #shadow: ShadowRoot | null = null;

  /** The heat map's numbers, as `DriftscopeApi.evolution` gives them. */
  get evolution(): Evolution | null {
    return this.#evolution;
  }
  /** Shows another heat map; null: none. */
  set evolution(evolution: Evolution | null) {
    this.#evolution = evolution;
    this.#draw();
  }
  /** The flows, as `DriftscopeApi.transfer` gives them. */
  get transfer(): Transfer | null {
    return this.#transfer;
  }
  /** Shows other flows; null: none. */
  set transfer(transfer: Transfer | null) {
    this.#transfer = transfer;
    this.#draw();
  }
  /** The engine that reads `src` and what `load` is given; without one, the element starts its own. */
  set engine(engine: DriftscopeApi | null) {
    this.#release();
    this.#engine = engine;
  }

  /** Called by the browser when the element enters a page. */
  connectedCallback(): void {
    this.#shadow ??= this.attachShadow({ mode: 'open' });
    this.#draw();
    if (this.getAttribute('src') && !this.#evolution) void this.#fetch();
  }

  /** Called by the browser when it leaves the page: ends its own engine. */
  disconnectedCallback(): void {
    this.#load += 1;
    this.#release();
  }

  /** Called by the browser when an attribute changes. */
  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (!this.isConnected || before === now) return;
    if (name === 'src' || name === 'window' || name === 'time-zone' || name === 'flows') {
      if (this.getAttribute('src')) void this.#fetch();
    } else this.#draw();
  }

  /** Reads a log as it is detected and shows it. Rejects as the API does, and says so in the element. */
  async load(sources: LogSources): Promise<void> {
    const load = ++this.#load;
    this.#busy = true;
    this.#error = null;
    this.#draw();
    try {
      const engine = await this.#ready();
      const report = await engine.load(sources);
      const interest = this.#interest(report.summary.suggestedWindow);
      const evolution = await engine.evolution({ kind: 'everyone' }, interest);
      const transfer = await engine.transfer({ kind: 'everyone' }, interest, null, this.#number('flows', 30));
      if (load !== this.#load) return;
      this.#evolution = evolution;
      this.#transfer = transfer;
      this.dispatchEvent(new CustomEvent('driftscope-load', { detail: report }));
    } catch (thrown) {
      if (load !== this.#load) return;
      const error = new DriftscopeError(toShape(thrown));
      this.#error = error.message;
      this.dispatchEvent(new CustomEvent('driftscope-error', { detail: error }));
      throw error;
    } finally {
      if (load === this.#load) {
        this.#busy = false;
        this.#draw();
      }
    }
  }

  async #fetch(): Promise<void> {
    // What went wrong is shown, and told by an event.
    await this.load(this.getAttribute('src') ?? '').catch(() => undefined);
  }

  async #ready(): Promise<DriftscopeApi> {
    if (!this.#engine) {
      this.#engine = await create({ engines: ['cpu'] });
      this.#own = true;
    }
    return this.#engine;
  }

  #release(): void {
    if (this.#own) this.#engine?.dispose();
    this.#engine = null;
    this.#own = false;
  }

  #number(name: string, fallback: number): number {
    const value = Number(this.getAttribute(name) ?? fallback);
    return Number.isInteger(value) && value > 0 ? value : fallback;
  }

  #interest(suggested: WindowLength): InterestOptions {
    const given = this.getAttribute('window');
    const length = given === null ? suggested : Number(given) > 0 ? Number(given) : (given as WindowLength);
    return {
      window: { length, timeZone: this.getAttribute('time-zone') ?? 'UTC' },
      halfLife: null,
      weighKinds: true,
    };
  }

  #draw(): void {
    const shadow = this.#shadow;
    if (!shadow) return;
    const words = wordsOf(this.lang || document.documentElement.lang || 'en');
    const style = document.createElement('style');
    style.textContent = STYLE;
    const parts: Node[] = [style];
    const say = (text: string, role: 'status' | 'alert'): void => {
      const paragraph = document.createElement('p');
      paragraph.role = role;
      paragraph.textContent = text;
      parts.push(paragraph);
    };
    const view = this.getAttribute('view') ?? 'both';
    if (this.#error) say(this.#error, 'alert');
    else if (this.#busy) say(words.loading, 'status');
    else if (!this.#evolution && !this.#transfer) say(words.empty, 'status');
    if (this.#evolution && view !== 'flows') {
      const timeZone = this.getAttribute('time-zone') ?? 'UTC';
      const select = (selection: Selection): void =>
        void this.dispatchEvent(new CustomEvent('driftscope-select', { detail: selection }));
      parts.push(heatMap(this.#evolution, { top: this.#number('top', 20), timeZone, words }, select));
    }
    if (this.#transfer && view !== 'heat') {
      parts.push(flows(this.#transfer, words));
      const { others, flows: drawn } = this.#transfer;
      const all = others.mass + drawn.reduce((sum, { mass }) => sum + mass, 0);
      if (others.flows > 0) say(words.others(others.flows, all > 0 ? others.mass / all : 0), 'status');
    }
    shadow.replaceChildren(...parts);
  }
}

if (globalThis.customElements && !customElements.get('drift-scope'))
  customElements.define('drift-scope', DriftScopeElement);
