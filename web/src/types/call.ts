/** What every call takes, reports and may reject with. */
import type { ModelName, TrainingPoint } from './training.js';

/** The two builds of the core. */
export type EngineName = 'cpu' | 'webgpu';

/** What can go wrong. The same codes as the Rust `Error`, and those that only a browser knows. */
export type ErrorCode =
  | 'empty'
  | 'unreadable'
  | 'damaged'
  | 'too_large'
  | 'memory'
  | 'columns'
  | 'not_enough'
  | 'budget'
  | 'parameter'
  | 'cancelled'
  | 'device'
  | 'checkpoint'
  | 'state'
  | 'crashed'
  | 'unsupported'
  /** A file of the package, or a log, could not be fetched. */
  | 'network'
  | 'disposed';

/** Where in the input something went wrong; `line` and `column` count from 1. */
export interface Place {
  /** Name of the file, as `FileSource.name`. */
  file: string;
  /** Line of the file; null where the error is about the whole. */
  line: number | null;
  /** Column of the table; null where it is about the line. */
  column: number | null;
}

/** The one shape in which errors cross the worker border; the client throws it as `DriftscopeError`. */
export interface ErrorShape {
  /** What went wrong, for programs and for translation. */
  code: ErrorCode;
  /** The same for people, in English. */
  message: string;
  /** Where in the input, and what to do about it. */
  detail: { place?: Place; hint?: string };
}

/** A translatable remark: `code` picks the sentence, `values` fill it. */
export interface Note {
  /** Names the sentence. */
  code: string;
  /** What stands in it. */
  values: Record<string, string | number>;
}

/** Reported by every long call. `done` and `total` are in `unit`; `total` is 0 while it is unknown. */
export interface Progress {
  /** What is being done. */
  stage: 'read' | 'clean' | 'sample' | 'features' | 'train' | 'evaluate' | 'forecast' | 'insight' | 'engine';
  /** How much of it is done, in `unit`. */
  done: number;
  /** How much there is to do; 0 while that is not known. */
  total: number;
  /** What `done` and `total` count. */
  unit: 'bytes' | 'events' | 'steps' | 'users';
  /** Rows read so far (stage `read`). */
  rows?: number;
  /** The model that is being trained or scored. */
  model?: ModelName;
  /** Live numbers of a training run (stage `train`). */
  point?: TrainingPoint;
}

/** Options of every long call. */
export interface CallOptions {
  /** Cancels the call, which rejects with `cancelled` at once. */
  signal?: AbortSignal;
  /** Is told how far the call is, some ten times a second at most. */
  onProgress?: (progress: Progress) => void;
}
