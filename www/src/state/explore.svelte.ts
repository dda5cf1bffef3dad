/** What is asked about the loaded log: whose interest, in which windows; and the answers. */
import type { Drift, ErrorShape, Evolution, InterestOptions, Scope, Transfer, UserRow, WindowLength } from 'driftscope';
import { toFailure } from './failure';
import { session } from './session.svelte';

const DAY = 86_400;

class Explore {
  user = $state.raw<UserRow | null>(null);
  length = $state<WindowLength>('week');
  customDays = $state(14);
  halfLife = $state<number | null>(null);
  weighKinds = $state(true);
  timeZone = $state('UTC');
  between = $state.raw<{ from: number; to: number } | null>(null);
  flowTop = $state(30);

  evolution = $state.raw<Evolution | null>(null);
  transfer = $state.raw<Transfer | null>(null);
  drift = $state.raw<Drift | null>(null);
  busy = $state(false);
  failure = $state.raw<ErrorShape | null>(null);
  #question = 0;
  #logVersion = -1;

  readonly scope: Scope = $derived(this.user ? { kind: 'user', user: this.user.id } : { kind: 'everyone' });
  readonly options: InterestOptions = $derived({
    window: { length: this.length, timeZone: this.timeZone },
    halfLife: this.halfLife,
    weighKinds: this.weighKinds,
  });

  /** Takes over what suits a newly loaded log. */
  follow(): void {
    if (this.#logVersion === session.logVersion || !session.report) return;
    this.#logVersion = session.logVersion;
    this.user = null;
    this.between = null;
    this.evolution = null;
    this.transfer = null;
    this.drift = null;
    this.length = session.report.summary.suggestedWindow;
    if (typeof this.length === 'number') this.customDays = Math.max(1, Math.round(this.length / DAY));
    this.timeZone =
      session.inspections.find((inspection) => inspection.plan.table === 'events')?.plan.timeZone || 'UTC';
  }

  setLength(choice: Exclude<WindowLength, number> | 'custom'): void {
    this.between = null;
    this.length = choice === 'custom' ? this.customDays * DAY : choice;
  }

  setCustomDays(days: number): void {
    if (!Number.isFinite(days) || days < 1) return;
    this.between = null;
    this.customDays = Math.round(days);
    this.length = this.customDays * DAY;
  }

  /** Asks for all three views; only the answer to the latest question is shown. */
  async ask(): Promise<void> {
    const question = ++this.#question;
    const { scope, options, between, flowTop } = this;
    this.busy = true;
    this.failure = null;
    try {
      const [evolution, transfer, drift] = await Promise.all([
        session.api.evolution(scope, options),
        session.api.transfer(scope, options, between, flowTop),
        session.api.drift(scope, options),
      ]);
      if (question !== this.#question) return;
      this.evolution = evolution;
      this.transfer = transfer;
      this.drift = drift;
    } catch (error) {
      if (question === this.#question) this.failure = toFailure(error);
    } finally {
      if (question === this.#question) this.busy = false;
    }
  }
}

export const explore = new Explore();
