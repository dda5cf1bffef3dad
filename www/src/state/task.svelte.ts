/** One long call at a time, with its progress, a way to cancel it, and its error. */
import type { CallOptions, ErrorShape, Progress } from 'driftscope';
import { toFailure } from './failure';
import { THRESHOLDS } from './thresholds';

export class Task {
  running = $state(false);
  cancelling = $state(false);
  /** Whether the last run was cancelled, for a short remark. */
  cancelled = $state(false);
  progress = $state.raw<Progress | null>(null);
  failure = $state.raw<ErrorShape | null>(null);
  /** When the present stage began, in milliseconds of `performance.now()`. */
  since = $state(0);
  #abort: AbortController | null = null;
  #latest: Progress | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** Runs `call`; its value, or undefined when it failed or was cancelled (then `failure` or `cancelled` says so). */
  async run<T>(call: (options: CallOptions & { signal: AbortSignal }) => Promise<T>): Promise<T | undefined> {
    if (this.running) return undefined;
    const abort = new AbortController();
    this.#abort = abort;
    this.running = true;
    this.cancelling = false;
    this.cancelled = false;
    this.failure = null;
    this.progress = null;
    this.since = performance.now();
    try {
      return await call({ signal: abort.signal, onProgress: (progress) => this.#report(progress) });
    } catch (error) {
      const failure = toFailure(error);
      if (failure.code === 'cancelled') this.cancelled = true;
      else this.failure = failure;
      return undefined;
    } finally {
      this.running = false;
      this.cancelling = false;
      this.#abort = null;
      this.#stopReporting();
    }
  }

  /** Shows the latest progress now and then: an engine may report more often than a page can draw. */
  #report(progress: Progress): void {
    this.#latest = progress;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      const [latest, shown] = [this.#latest, this.progress];
      if (latest?.stage !== shown?.stage || latest?.model !== shown?.model) this.since = performance.now();
      this.progress = this.#latest;
    }, THRESHOLDS.drawEvery);
  }

  #stopReporting(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#latest = null;
  }

  cancel(): void {
    if (!this.running) return;
    this.cancelling = true;
    this.#abort?.abort();
  }

  clear(): void {
    this.failure = null;
    this.cancelled = false;
    this.progress = null;
  }
}
