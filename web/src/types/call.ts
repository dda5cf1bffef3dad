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
  file: string;
  line: number | null;
  column: number | null;
}

/** The one shape in which errors cross the worker border; the client throws it as `DriftscopeError`. */
export interface ErrorShape {
  code: ErrorCode;
  message: string;
  detail: { place?: Place; hint?: string };
}

/** A translatable remark: `code` picks the sentence, `values` fill it. */
export interface Note {
  code: string;
  values: Record<string, string | number>;
}

/** Reported by every long call. `done` and `total` are in `unit`; `total` is 0 while it is unknown. */
export interface Progress {
  stage: 'read' | 'clean' | 'sample' | 'features' | 'train' | 'evaluate' | 'forecast' | 'engine';
  done: number;
  total: number;
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
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}
