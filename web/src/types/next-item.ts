/** Models of the next item. */
import type { EngineName, Note } from './call.js';
import type { ModelReport } from './evaluation.js';
import type { ModelName, TrainingReport } from './training.js';

/** What to train, of the models of the next item. */
export interface NextItemOptions {
  /** Which models; popularity and transitions are always among them. */
  models: ModelName[];
  /** The same seed and log give the same models on `cpu`. */
  seed: number;
  /** Default: `cpu`. */
  engine?: EngineName;
}

/** Means over the users; the next item is ranked among all items that the user had not. */
export interface NextItemMetrics {
  /** Share of users whose item is among the first 5. */
  hr5: number;
  /** Share of users whose item is among the first 10. */
  hr10: number;
  /** Mean of 1/log2(rank + 1) where the rank is at most 5, else 0. */
  ndcg5: number;
  /** The same for 10. */
  ndcg10: number;
  /** Mean of 1/rank where the rank is at most 10, else 0. */
  mrr10: number;
  /** Users that were scored. */
  users: number;
}

/** One model of the next item, scored. */
export interface NextItemModelReport {
  /** Which. */
  model: ModelName;
  /** Whether it learned anything; baselines only count. */
  trained: boolean;
  /** On each user's last event but one, by which models are chosen. */
  validation: NextItemMetrics;
  /** On each user's last event. */
  test: NextItemMetrics;
  /** As in `ModelReport`. */
  gain: ModelReport['gain'];
  /** Learned numbers. */
  parameters: number;
  /** Seconds of its training and scoring. */
  seconds: number;
}

/** What came of training models of the next item. */
export interface NextItemReport {
  /** Where they were trained. */
  engine: EngineName;
  /** Why there. */
  engineNote: Note;
  /** The models, scored. */
  models: NextItemModelReport[];
  /** The best on validation. */
  best: ModelName;
  /** Whether a trained model beats the best baseline on test with an interval that leaves out 0. */
  worthIt: boolean;
  /** Number of items to choose from. */
  items: number;
  /** How the training ended. */
  stopped: TrainingReport['stopped'];
}

/** What may come next for one user, best first. */
export interface NextItems {
  /** Which model it is by. */
  model: ModelName;
  /** The items, the one with the highest score first; scores of different models do not compare. */
  items: { name: string; title: string | null; domain: string | null; score: number }[];
}
