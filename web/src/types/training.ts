/** Training of the models of the next window's interests. */
import type { CallOptions, EngineName, Note } from './call.js';
import type { ModelReport } from './evaluation.js';
import type { WindowOptions } from './interest.js';

export type ModelName =
  | 'popularity'
  | 'persistent'
  | 'moving_average'
  | 'user_frequency'
  | 'decay_prior'
  | 'markov'
  | 'dnn'
  | 'gnn'
  | 'dnn+gnn'
  | 'sequence'
  | 'cf-user-cosine'
  | 'cf-user-pearson'
  | 'cf-item'
  | 'cf-closed'
  | 'blend'
  | 'base';

export interface TrainOptions {
  window: WindowOptions;
  models: ModelName[];
  seed: number;
  epochs?: number;
  /** What the pair network starts from: nothing (the default), or the shipped base model. */
  init?: 'scratch' | 'base';
  engine: EngineName | 'auto';
}

/** Options of a training run. A run that an engine did not survive goes on by itself; these are for what outlives the page. */
export interface TrainCallOptions extends CallOptions {
  /** Called after every epoch with the bytes from which the run can go on. */
  onCheckpoint?: (bytes: Uint8Array) => void;
  /** Where a run on the same log with the same options stood. */
  resume?: Uint8Array;
}

/** What a run is going to cost, told before it starts. */
export interface TrainingEstimate {
  instances: number;
  pairs: number;
  parameters: number;
  steps: number;
  bytes: number;
  seconds: number | null;
}

export interface TrainingPoint {
  epoch: number;
  step: number;
  loss: number;
  validationNdcg10: number | null;
}

export interface LearningCurve {
  model: ModelName;
  points: TrainingPoint[];
}

export interface TrainingReport {
  engine: EngineName;
  /** Why this engine: a note such as `engine.measured` with the milliseconds per step of each. */
  engineNote: Note;
  split: { trainWindows: [number, number]; validationWindows: [number, number]; testWindows: [number, number] };
  models: ModelReport[];
  best: ModelName;
  /** Whether a trained model beats the best baseline on test with an interval that leaves out 0. */
  worthIt: boolean;
  /** Loss by step of each model that learns by gradient. */
  curves: LearningCurve[];
  stopped: 'finished' | 'early' | 'cancelled';
}

/** What a file of saved models holds. */
export interface SavedModels {
  window: WindowOptions;
  models: ModelName[];
  /** The best on validation. */
  best: ModelName;
}
