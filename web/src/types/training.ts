/** Training of the models of the next window's interests. */
import type { CallOptions, EngineName, Note } from './call.js';
import type { ModelReport } from './evaluation.js';
import type { WindowOptions } from './interest.js';

/** A model; docs/MODELS.md says what each is, and how good. */
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

/** What to train, of the models of the next window's interests. */
export interface TrainOptions {
  /** How time is cut into windows. */
  window: WindowOptions;
  /** Which models; `persistent`, `moving_average` and `decay_prior` are always among them. */
  models: ModelName[];
  /** The same seed and log give the same models on `cpu`. */
  seed: number;
  /** Passes over the training windows at most; default: the model's own. */
  epochs?: number;
  /** What the pair network starts from: nothing (the default), or the shipped base model. */
  init?: 'scratch' | 'base';
  /** Where to train; `auto` times a step on each and takes the faster one. */
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
  /** Pairs of a user and a window to learn from. */
  instances: number;
  /** Pairs of an instance and a domain to score in an epoch. */
  pairs: number;
  /** Learned numbers. */
  parameters: number;
  /** Gradient steps at most. */
  steps: number;
  /** Memory that it takes. */
  bytes: number;
  /** Seconds at most, by a step that was timed; null where none was. */
  seconds: number | null;
}

/** Where a training stands after a step. */
export interface TrainingPoint {
  /** Number of the pass over the training windows. */
  epoch: number;
  /** Number of the gradient step. */
  step: number;
  /** Loss of the step. */
  loss: number;
  /** NDCG@10 on validation at the end of an epoch; null within one. */
  validationNdcg10: number | null;
}

/** How the loss of one model fell. */
export interface LearningCurve {
  /** Which. */
  model: ModelName;
  /** Points of the curve, by step. */
  points: TrainingPoint[];
}

/** What came of a training. */
export interface TrainingReport {
  /** Where the models were trained. */
  engine: EngineName;
  /** Why this engine: a note such as `engine.measured` with the milliseconds per step of each. */
  engineNote: Note;
  /** First window and the one after the last, of each part. */
  split: { trainWindows: [number, number]; validationWindows: [number, number]; testWindows: [number, number] };
  /** The models, scored. */
  models: ModelReport[];
  /** The best on validation. */
  best: ModelName;
  /** Whether a trained model beats the best baseline on test with an interval that leaves out 0. */
  worthIt: boolean;
  /** Loss by step of each model that learns by gradient. */
  curves: LearningCurve[];
  /** How it ended: all epochs, no more gain on validation, or cancelled. */
  stopped: 'finished' | 'early' | 'cancelled';
}

/** What a file of saved models holds. */
export interface SavedModels {
  /** How time was cut into windows. */
  window: WindowOptions;
  /** Which models there are. */
  models: ModelName[];
  /** The best on validation. */
  best: ModelName;
}
