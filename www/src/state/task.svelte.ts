/** One long call at a time, with its progress, a way to cancel it, and its error. */
import type { CallOptions, ErrorShape, Progress } from 'driftscope';
import { toFailure } from './failure';

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
      const onProgress = (progress: Progress): void => {
        if (progress.stage !== this.progress?.stage) this.since = performance.now();
        this.progress = progress;
      };
      return await call({ signal: abort.signal, onProgress });
    } catch (error) {
      const failure = toFailure(error);
      if (failure.code === 'cancelled') this.cancelled = true;
      else this.failure = failure;
      return undefined;
    } finally {
      this.running = false;
      this.cancelling = false;
      this.#abort = null;
    }
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
