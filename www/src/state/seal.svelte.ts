/** Whether the page is sealed, and what became of attempts to get something out. */
import { isSealed, type ErrorShape, type LeakAttempt } from 'driftscope';
import { toFailure } from './failure';

class Seal {
  closed = $state(isSealed());
  attempts = $state.raw<LeakAttempt[] | null>(null);
  trying = $state(false);
  failure = $state.raw<ErrorShape | null>(null);

  /** Looks again. */
  look(): void {
    this.closed = isSealed();
  }

  /** Shows what becomes of `attempts`, each a way out of the page. */
  async watch(attempts: () => Promise<LeakAttempt[]>): Promise<void> {
    this.trying = true;
    this.failure = null;
    try {
      this.attempts = await attempts();
    } catch (error) {
      this.failure = toFailure(error);
    } finally {
      this.trying = false;
    }
  }
}

export const seal = new Seal();
