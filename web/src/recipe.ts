import type { Connection } from './connection.js';
import { failure } from './error.js';
import { requestWith } from './source/feed.js';
import { type Given, isRepeatable } from './source/given.js';
import type { CallOptions, CleaningOptions, FilePlan } from './types.js';

/** Asks a connection for something. */
export type Ask<T> = (connection: Connection, options: CallOptions) => Promise<T>;

/** Files, how they are read, and how what is in them is cleaned. */
export interface Reading {
  given: Given[];
  plans: FilePlan[] | null;
  cleaning: Partial<CleaningOptions>;
}

/** The same request again, for an engine that starts anew. */
function again<T>(given: Given[], ask: Ask<T>): Ask<T> {
  const once = given.find((source) => !isRepeatable(source));
  if (!once) return ask;
  return () => {
    throw failure('state', `${once.name} can be read only once`);
  };
}

/**
 * How the present session came about, so that it can be made again when an engine crashes: files are read again rather
 * than held in memory twice.
 */
export class Recipe {
  private load: Ask<unknown> | null = null;
  private given: Given[] = [];
  private cleaning: Partial<CleaningOptions> | null = null;
  private updates: Ask<unknown>[] = [];
  private training: Uint8Array | null = null;
  private nextItemTraining: Uint8Array | null = null;
  private pseudonyms: Uint8Array | null = null;
  private ledger: Uint8Array | null = null;

  /** A log was loaded by `load`, from what was `given`: forgets what came before. */
  loaded(load: Ask<unknown>, given: Given[] = []): void {
    this.clear();
    this.load = again(given, load);
    this.given = given;
  }

  /** The log was cleaned again, which outdates what was trained on it. */
  cleaned(cleaning: Partial<CleaningOptions>): void {
    this.cleaning = cleaning;
    this.training = null;
    this.nextItemTraining = null;
  }

  /** New events came in, and the trained models went on. What they learned is kept with them, and not learned again. */
  updated({ given, plans, cleaning }: Reading, training: Uint8Array | null): void {
    const args = { plans, cleaning, learn: false };
    this.updates.push(again(given, (connection, options) => requestWith(connection, 'update', given, args, options)));
    this.given = [];
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

  /** The users' names were replaced, those of later updates included. */
  pseudonymised(key: Uint8Array): void {
    this.pseudonyms = key;
  }

  /** The privacy account changed. */
  spent(ledger: Uint8Array): void {
    this.ledger = ledger;
  }

  /** Forgets everything. */
  clear(): void {
    this.load = null;
    this.given = [];
    this.cleaning = null;
    this.updates = [];
    this.training = null;
    this.nextItemTraining = null;
    this.pseudonyms = null;
    this.ledger = null;
  }

  /** Whether there is a session to make again. */
  get isEmpty(): boolean {
    return this.load === null;
  }

  /** What the log was read from; nothing where it was made, restored or updated. Fails where it cannot be read again. */
  get sources(): Given[] {
    const once = this.given.find((source) => !isRepeatable(source));
    if (once) throw failure('state', `${once.name} can be read only once, and its rows were not kept: load a file`);
    return this.given;
  }

  /** The requests that make the session again, in order. */
  steps(): Ask<unknown>[] {
    const { load, cleaning, training, nextItemTraining, pseudonyms, ledger } = this;
    if (!load) return [];
    const steps = [load];
    if (cleaning) steps.push((connection, options) => connection.request('clean', { cleaning }, options));
    if (pseudonyms) steps.push((connection) => connection.request('pseudonymise', { key: pseudonyms }));
    steps.push(...this.updates);
    if (training) steps.push((connection) => connection.request('adoptTraining', { bytes: training }));
    if (nextItemTraining)
      steps.push((connection) => connection.request('adoptNextItemTraining', { bytes: nextItemTraining }));
    if (ledger) steps.push((connection) => connection.request('adoptPrivacyLedger', { bytes: ledger }));
    return steps;
  }
}
