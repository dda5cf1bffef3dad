/** The answers about the loaded log: whose interest, in which windows, as the view says. */
import type { Drift, ErrorShape, Evolution, InterestOptions, Scope, Transfer, WindowLength } from 'driftscope';
import type { Highlight } from '../charts/highlight';
import { toFailure } from './failure';
import { segmentSearch } from './segments.svelte';
import { session } from './session.svelte';
import { THRESHOLDS } from './thresholds';
import { FIRST_VIEW, highlightOf, transferWindows } from './view';
import { views } from './views.svelte';

const DAY = 86_400;

class Explore {
  evolution = $state.raw<Evolution | null>(null);
  transfer = $state.raw<Transfer | null>(null);
  drift = $state.raw<Drift | null>(null);
  busy = $state(false);
  busyTransfer = $state(false);
  #profileFailure = $state.raw<ErrorShape | null>(null);
  #transferFailure = $state.raw<ErrorShape | null>(null);
  #question = 0;
  #transferQuestion = 0;
  #logVersion = -1;

  readonly failure: ErrorShape | null = $derived(this.#profileFailure ?? this.#transferFailure);
  // Part by part, so that a change of one part of the view leaves alone what does not depend on it.
  readonly user = $derived(views.now.user);
  readonly length = $derived(views.now.length);
  readonly #halfLife = $derived(views.now.halfLife);
  readonly #weighKinds = $derived(views.now.weighKinds);
  readonly #segment = $derived(views.now.segment);
  readonly #domain = $derived(views.now.domain);
  readonly #flow = $derived(views.now.flow);
  readonly #window = $derived(views.now.window);
  readonly #pair = $derived(views.now.between);
  readonly customDays = $derived(typeof this.length === 'number' ? Math.max(1, Math.round(this.length / DAY)) : 14);
  readonly timeZone = $derived(views.now.timeZone);
  readonly between = $derived(transferWindows({ window: this.#window, between: this.#pair }));
  /** The selection as far as it lies in what is shown. */
  readonly highlight: Highlight = $derived(
    within(
      highlightOf({ domain: this.#domain, flow: this.#flow, window: this.#window, between: this.#pair }),
      this.evolution,
    ),
  );
  readonly options: InterestOptions = $derived({
    window: { length: this.length, timeZone: this.timeZone },
    halfLife: this.#halfLife,
    weighKinds: this.#weighKinds,
  });
  readonly scope: Scope = $derived.by(() => {
    if (this.user) return { kind: 'user', user: this.user.id };
    return this.#segment === null ? { kind: 'everyone' } : segmentSearch.scope(this.#segment, this.options);
  });

  /** Takes over what suits a newly loaded log. */
  follow(): void {
    if (this.#logVersion === session.logVersion || !session.report) return;
    this.#logVersion = session.logVersion;
    this.evolution = null;
    this.transfer = null;
    this.drift = null;
    const events = session.inspections.find((inspection) => inspection.plan.table === 'events');
    const length = session.report.summary.suggestedWindow;
    const timeZone = events?.plan.timeZone || 'UTC';
    views.begin({ ...FIRST_VIEW, length, timeZone }, session.logVersion, session.fromSample);
  }

  setLength(choice: Exclude<WindowLength, number> | 'custom'): void {
    views.change({ length: choice === 'custom' ? this.customDays * DAY : choice });
  }

  setCustomDays(days: number): void {
    if (Number.isFinite(days) && days >= 1) views.change({ length: Math.round(days) * DAY });
  }

  /** Asks for everything. */
  async ask(): Promise<void> {
    await Promise.all([this.askProfiles(), this.askTransfer()]);
  }

  /** Asks for evolution and drift; only the answer to the latest question is shown. */
  async askProfiles(): Promise<void> {
    const question = ++this.#question;
    const { scope, options } = this;
    this.busy = true;
    this.#profileFailure = null;
    try {
      const [evolution, drift] = await Promise.all([
        session.api.evolution(scope, options),
        session.api.drift(scope, options),
      ]);
      if (question !== this.#question) return;
      this.evolution = evolution;
      this.drift = drift;
      const windows = evolution.windows.bounds.length - 1;
      // A link may name windows that this log does not have.
      if (highlightOf(views.now).windows.some((window) => window >= windows)) {
        views.change({ window: null, between: null });
      }
    } catch (error) {
      if (question === this.#question) this.#profileFailure = toFailure(error);
    } finally {
      if (question === this.#question) this.busy = false;
    }
  }

  /** Asks for the flows: more than are drawn, so that those of a small domain are among them. */
  async askTransfer(): Promise<void> {
    const question = ++this.#transferQuestion;
    const { scope, options, between } = this;
    this.busyTransfer = true;
    this.#transferFailure = null;
    try {
      const transfer = await session.api.transfer(scope, options, between, THRESHOLDS.flowsAsked);
      if (question === this.#transferQuestion) this.transfer = transfer;
    } catch (error) {
      if (question === this.#transferQuestion) this.#transferFailure = toFailure(error);
    } finally {
      if (question === this.#transferQuestion) this.busyTransfer = false;
    }
  }
}

function within(highlight: Highlight, evolution: Evolution | null): Highlight {
  const names = new Set(evolution?.domains.map(({ name }) => name));
  return { ...highlight, domains: highlight.domains.filter((name) => names.has(name)) };
}

export const explore = new Explore();
