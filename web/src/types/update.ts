/** New events, and what the trained models learned from them. */
import type { LogSummary, QualityReport } from './quality.js';
import type { ModelName } from './training.js';

/** How far the crowd's interest moved. NaN where too little is known. */
export interface CrowdDrift {
  /** Largest Jensen–Shannon distance (0 to 1) of a new window to the one before it. */
  distance: number;
  /** Median of that distance before. */
  usual: number;
  /** Modified z-score of the distance. */
  score: number;
  /** Whether the score is beyond what happens by itself. */
  found: boolean;
}

/** How one model went on learning. */
export interface WindowsUpdate {
  /** First new window, and the one after the last. */
  windows: [number, number];
  /** New instances that were learned from, and older ones beside them. */
  instances: number;
  /** Older instances that were learned from beside them. */
  replayed: number;
  /** Whether the crowd's interest moved; null where no window is new. */
  drift: CrowdDrift | null;
  /** Learning rate of the first step; 0 where none was taken. */
  learningRate: number;
  /** Gradient steps taken. */
  steps: number;
  /** Users of the newest window that were held out, and NDCG@10 on them; an update that does damage is not kept. */
  heldOut: number;
  /** NDCG@10 on those held out before the update; null where there are none. */
  before: number | null;
  /** The same after it. */
  after: number | null;
  /** Whether the steps were kept: whether they did no damage. */
  kept: boolean;
  /** Seconds for all of it. */
  seconds: number;
}

/** A model either counts, and goes on counting; or goes on learning; or what it learned stays as it was. */
export interface ModelUpdate {
  /** Which. */
  model: ModelName;
  /** How it went on. */
  outcome: 'counted' | 'learned' | 'kept';
  /** How it went on learning, for one that learned. */
  learning: WindowsUpdate | null;
}

/** What came of new events. */
export interface UpdateReport {
  /** New events, and events that the log held already. */
  events: number;
  /** Events that the log held already. */
  repeated: number;
  /** Users that are new. */
  users: number;
  /** Items that are new. */
  items: number;
  /** Names of new domains. */
  domains: string[];
  /** Windows that are complete now and were not before. */
  windows: number;
  /** Whether the crowd's interest moved more in the new windows than it usually does. */
  drift: CrowdDrift | null;
  /** Empty where nothing was trained. */
  models: ModelUpdate[];
  /** Seconds for all of it. */
  seconds: number;
  /** What became of the new rows. */
  quality: QualityReport;
  /** What the log holds now. */
  summary: LogSummary;
}
