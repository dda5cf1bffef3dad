import type { WorkerLike } from '../src/connection.js';
import type { FromWorker, RequestMap, ToWorker } from '../src/protocol.js';
import { type Handlers, type PortLike, serve } from '../src/worker/serve.js';

/** A worker in the same thread: messages are cloned and arrive in a later task, as they do for a real one. */
export class FakeWorker<R extends RequestMap> implements WorkerLike {
  onmessage: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  terminated = false;
  readonly sent: ToWorker[] = [];
  /** Ends the engine as a panic would. */
  readonly crash: (message: string) => void;
  private readonly port: PortLike;

  constructor(handlers: Handlers<R>) {
    this.port = {
      onmessage: null,
      postMessage: (message, transfer) => {
        const copy = structuredClone(message, { transfer }) as FromWorker;
        setTimeout(() => !this.terminated && this.onmessage?.({ data: copy } as MessageEvent));
      },
    };
    this.crash = serve<R>(this.port, handlers);
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    const copy = structuredClone(message, { transfer }) as ToWorker;
    this.sent.push(copy);
    setTimeout(() => !this.terminated && this.port.onmessage?.({ data: copy } as MessageEvent));
  }

  terminate(): void {
    this.terminated = true;
  }
}
