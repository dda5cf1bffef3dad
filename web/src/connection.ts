import { DriftscopeError, failure, toShape } from './error.js';
import type { FromWorker, RequestMap, Requests, ToWorker } from './protocol.js';
import type { TrainCallOptions } from './types.js';

/** The part of a `Worker` that the connection needs. */
export interface WorkerLike {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

interface Pending {
  resolve: (value: unknown) => void;
  reject: (error: DriftscopeError) => void;
  onProgress: TrainCallOptions['onProgress'];
  onCheckpoint: TrainCallOptions['onCheckpoint'];
}

/** One worker, and the requests it owes an answer for. */
export class Connection<R extends RequestMap = Requests> {
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private gone: DriftscopeError | null = null;

  constructor(private readonly worker: WorkerLike) {
    worker.onmessage = (event) => this.receive(event.data as FromWorker | null);
    worker.onerror = (event) => {
      event.preventDefault?.();
      this.close(failure('crashed', event.message || 'the worker could not be started or failed'));
    };
  }

  /** Why this worker can no longer be used; null while it can. */
  get lost(): DriftscopeError | null {
    return this.gone;
  }

  /** Sends a request; settles when the worker has answered, also after a cancel. */
  request<K extends keyof R & string>(
    kind: K,
    args: R[K]['args'],
    options: TrainCallOptions & { transfer?: Transferable[] } = {},
  ): Promise<R[K]['result']> {
    if (this.gone) return Promise.reject(this.gone);
    const id = this.nextId++;
    const { signal, onProgress, onCheckpoint, transfer = [] } = options;
    const abort = (): void => this.post({ type: 'cancel', id });
    const answer = new Promise<R[K]['result']>((resolve, reject) => {
      this.pending.set(id, { resolve: resolve, reject, onProgress, onCheckpoint });
      try {
        this.post({ type: 'request', id, kind, args }, transfer);
      } catch (thrown) {
        this.pending.delete(id);
        reject(failure('parameter', `the arguments of ${kind} cannot be sent to the worker: ${String(thrown)}`));
      }
    });
    if (!signal) return answer;
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    return answer.finally(() => signal.removeEventListener('abort', abort));
  }

  /** Ends the worker; what is under way rejects with `reason`. */
  close(reason: DriftscopeError): void {
    if (this.gone) return;
    this.gone = reason;
    this.worker.terminate();
    for (const { reject } of this.pending.values()) reject(reason);
    this.pending.clear();
  }

  private post(message: ToWorker, transfer: Transferable[] = []): void {
    if (!this.gone) this.worker.postMessage(message, transfer);
  }

  private receive(message: FromWorker | null): void {
    if (!message) return;
    if (message.type === 'crashed') {
      this.close(failure('crashed', message.message));
      return;
    }
    const pending = this.pending.get(message.id);
    if (!pending) return;
    if (message.type === 'progress') {
      pending.onProgress?.(message.progress);
      return;
    }
    if (message.type === 'checkpoint') {
      pending.onCheckpoint?.(message.bytes);
      return;
    }
    // Anything else is of another version, and answers nothing.
    if (message.type !== 'result' && message.type !== 'failed') return;
    this.pending.delete(message.id);
    if (message.type === 'result') pending.resolve(message.value);
    else pending.reject(new DriftscopeError(toShape(message.error)));
  }
}
