/** Models of the next item. */
import type { EngineName, Note } from './call.js';
import type { ModelReport } from './evaluation.js';
import type { ModelName, TrainingReport } from './training.js';

export interface NextItemOptions {
  models: ModelName[];
  seed: number;
  /** Default: `cpu`. */
  engine?: EngineName;
}

/** Means over the users; the next item is ranked among all items that the user had not. */
export interface NextItemMetrics {
  hr5: number;
  hr10: number;
  ndcg5: number;
  ndcg10: number;
  mrr10: number;
  users: number;
}

export interface NextItemModelReport {
  model: ModelName;
  trained: boolean;
  validation: NextItemMetrics;
  test: NextItemMetrics;
  /** As in `ModelReport`. */
  gain: ModelReport['gain'];
  parameters: number;
  seconds: number;
}

export interface NextItemReport {
  engine: EngineName;
  engineNote: Note;
  models: NextItemModelReport[];
  best: ModelName;
  worthIt: boolean;
  /** Number of items to choose from. */
  items: number;
  stopped: TrainingReport['stopped'];
}

/** What may come next for one user, best first. */
export interface NextItems {
  model: ModelName;
  items: { name: string; title: string | null; domain: string | null; score: number }[];
}
