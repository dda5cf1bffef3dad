import type { RequestKind, Requests } from './protocol.js';
import type { CleaningOptions } from './types.js';

type LoadKind = Extract<RequestKind, 'load' | 'loadColumns' | 'loadSample' | 'restore'>;
/** One way of loading a log. */
export type LoadRequest = { [K in LoadKind]: { kind: K; args: Requests[K]['args'] } }[LoadKind];

/**
 * How the present session came about, so that it can be made again when an engine crashes: files are read again rather
 * than held in memory twice.
 */
export class Recipe {
  private request: LoadRequest | null = null;
  private cleaning: Partial<CleaningOptions> | null = null;
  private updates: Omit<Requests['update']['args'], 'learn'>[] = [];
  private training: Uint8Array | null = null;
  private nextItemTraining: Uint8Array | null = null;

  /** A log was loaded: forgets what came before. */
  loaded(request: LoadRequest): void {
    this.request = request;
    this.cleaning = null;
    this.updates = [];
    this.training = null;
    this.nextItemTraining = null;
  }

  /** The log was cleaned again, which outdates what was trained on it. */
  cleaned(cleaning: Partial<CleaningOptions>): void {
    this.cleaning = cleaning;
    this.training = null;
    this.nextItemTraining = null;
  }

  /** New events came in, and the trained models went on. */
  updated(update: Omit<Requests['update']['args'], 'learn'>, training: Uint8Array | null): void {
    this.updates.push(update);
    this.training = training;
    this.nextItemTraining = null;
  }

  /** Models were trained. */
  trained(bytes: Uint8Array | null): void {
    this.training = bytes;
  }

  /** Next-item models were trained. */
  trainedNextItems(bytes: Uint8Array | null): void {
    this.nextItemTraining = bytes;
  }

  /** Forgets everything. */
  clear(): void {
    this.request = null;
    this.cleaning = null;
    this.updates = [];
    this.training = null;
    this.nextItemTraining = null;
  }

  /** Whether there is a session to make again. */
  get isEmpty(): boolean {
    return this.request === null;
  }

  /** The requests that make the session again, in order. */
  steps(): (
    | LoadRequest
    | { kind: 'clean'; args: Requests['clean']['args'] }
    | { kind: 'update'; args: Requests['update']['args'] }
    | { kind: 'adoptTraining' | 'adoptNextItemTraining'; args: { bytes: Uint8Array } }
  )[] {
    if (!this.request) return [];
    const steps: ReturnType<Recipe['steps']> = [this.request];
    if (this.cleaning) steps.push({ kind: 'clean', args: { cleaning: this.cleaning } });
    // What the models learned from the new events is kept with them.
    for (const args of this.updates) steps.push({ kind: 'update', args: { ...args, learn: false } });
    if (this.training) steps.push({ kind: 'adoptTraining', args: { bytes: this.training } });
    if (this.nextItemTraining) steps.push({ kind: 'adoptNextItemTraining', args: { bytes: this.nextItemTraining } });
    return steps;
  }
}
