/** A short guided tour on the sample: one stop after the other, each at a part of the page. */
import { session, type Step } from './session.svelte';

export const STOPS = [
  { id: 'evolution', step: 'interest', target: 'evolution' },
  { id: 'transfer', step: 'interest', target: 'transfer' },
  { id: 'drift', step: 'interest', target: 'drift' },
  { id: 'people', step: 'interest', target: 'user' },
  { id: 'models', step: 'training', target: 'train' },
  { id: 'forecast', step: 'forecast', target: 'forecast-headline' },
  { id: 'keep', step: 'forecast', target: 'open-save' },
] as const satisfies readonly { id: string; step: Step; target: string }[];

class Tour {
  /** Place in the tour; null when none is on. */
  at = $state<number | null>(null);
  readonly stop: (typeof STOPS)[number] | null = $derived(this.at === null ? null : (STOPS[this.at] ?? null));

  /** Makes the sample and begins. */
  async start(): Promise<void> {
    if (!(await session.loadSample())) return;
    this.at = 0;
  }

  /** Goes to a stop; beyond the last one the tour is over. */
  go(at: number): void {
    const stop = STOPS[at];
    this.at = stop ? at : null;
    if (stop) session.go(stop.step);
  }

  end(): void {
    this.at = null;
  }
}

export const tour = new Tour();
