import { cancelled, failure, toShape } from '../error.js';
import { type FromWorker, type RequestMap, type ToWorker, transferables } from '../protocol.js';
import type { Progress } from '../types.js';

/** The part of a worker's global scope that answering needs. */
export interface PortLike {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/** Reports at most this often, in milliseconds. */
const PROGRESS_INTERVAL = 80;
/** Works at most this long, in milliseconds, before it lets messages in. */
const PAUSE_INTERVAL = 100;

/** What a handler may do about the request that it answers. */
export class Call {
  private stopped = false;
  private onCancel: (() => void) | null = null;
  private lastProgress = -Infinity;
  private lastPause = performance.now();

  constructor(
    private readonly send: (progress: Progress) => void,
    private readonly keep: (bytes: Uint8Array) => void = () => undefined,
  ) {}

  /** Whether the asking side has cancelled. Only true after a pause let the message in. */
  get isCancelled(): boolean {
    return this.stopped;
  }

  /** Marks the request as cancelled. */
  cancel(): void {
    this.stopped = true;
    this.onCancel?.();
  }

  /** `work`, or a throw as soon as the call is cancelled: for work that cannot be stopped itself. One at a time. */
  async unlessCancelled<T>(work: Promise<T>): Promise<T> {
    if (this.stopped) throw cancelled();
    try {
      return await Promise.race([
        work,
        new Promise<never>((_, reject) => {
          this.onCancel = () => reject(cancelled());
        }),
      ]);
    } finally {
      this.onCancel = null;
    }
  }

  /** Sends progress, unless it sent some just now. A training point always goes out. */
  progress(progress: Progress): void {
    const now = performance.now();
    if (!progress.point && progress.done !== progress.total && now - this.lastProgress < PROGRESS_INTERVAL) return;
    this.lastProgress = now;
    this.send(progress);
  }

  /** Hands out what the request needs to go on after a crash. */
  checkpoint(bytes: Uint8Array): void {
    this.keep(bytes);
  }

  /** Lets waiting messages in, if there was no occasion for some time. */
  async pause(): Promise<void> {
    if (performance.now() - this.lastPause < PAUSE_INTERVAL) return;
    // A timer, since it cannot starve other messages; its delay of up to 4 ms counts for little at this interval.
    await new Promise((resolve) => setTimeout(resolve));
    this.lastPause = performance.now();
  }

  /** Pauses, and throws when one of the messages was a cancel. */
  async breathe(): Promise<void> {
    await this.pause();
    if (this.stopped) throw cancelled();
  }
}

/** One handler for each kind of request. */
export type Handlers<R extends RequestMap> = {
  [K in keyof R]: (args: R[K]['args'], call: Call) => R[K]['result'] | Promise<R[K]['result']>;
};

/** Answers requests until the worker ends. Returns the function that reports a crash. */
export function serve<R extends RequestMap>(port: PortLike, handlers: Handlers<R>): (message: string) => void {
  const calls = new Map<number, Call>();
  const post = (message: FromWorker, transfer: Transferable[] = []): void => port.postMessage(message, transfer);
  const crash = (message: string): void => post({ type: 'crashed', message });

  const answer = async (id: number, kind: string, args: unknown): Promise<void> => {
    const call = new Call(
      (progress) => post({ type: 'progress', id, progress }),
      (bytes) => post({ type: 'checkpoint', id, bytes }, transferables({ bytes })),
    );
    calls.set(id, call);
    try {
      // Names such as `constructor` are no requests.
      const handler = Object.hasOwn(handlers, kind) ? handlers[kind] : undefined;
      if (!handler)
        throw failure(
          'state',
          `the worker does not know the request ${kind}: page and worker are of different versions`,
        );
      const value = await handler(args, call);
      post({ type: 'result', id, value }, transferables(value));
    } catch (thrown) {
      if (thrown instanceof WebAssembly.RuntimeError) crash(thrown.message);
      else post({ type: 'failed', id, error: toShape(thrown) });
    } finally {
      calls.delete(id);
    }
  };

  port.onmessage = (event) => {
    const message = event.data as ToWorker | null;
    if (message?.type === 'cancel') calls.get(message.id)?.cancel();
    else if (message?.type === 'request') void answer(message.id, message.kind, message.args);
  };
  return crash;
}
