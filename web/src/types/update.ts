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
  found: boolean;
}

/** How one model went on learning. */
export interface WindowsUpdate {
  /** First new window, and the one after the last. */
  windows: [number, number];
  /** New instances that were learned from, and older ones beside them. */
  instances: number;
  replayed: number;
  drift: CrowdDrift | null;
  learningRate: number;
  steps: number;
  /** Users of the newest window that were held out, and NDCG@10 on them; an update that does damage is not kept. */
  heldOut: number;
  before: number | null;
  after: number | null;
  kept: boolean;
  seconds: number;
}

/** A model either counts, and goes on counting; or goes on learning; or what it learned stays as it was. */
export interface ModelUpdate {
  model: ModelName;
  outcome: 'counted' | 'learned' | 'kept';
  learning: WindowsUpdate | null;
}

export interface UpdateReport {
  /** New events, and events that the log held already. */
  events: number;
  repeated: number;
  users: number;
  items: number;
  /** Names of new domains. */
  domains: string[];
  /** Windows that are complete now and were not before. */
  windows: number;
  drift: CrowdDrift | null;
  /** Empty where nothing was trained. */
  models: ModelUpdate[];
  seconds: number;
  /** What became of the new rows. */
  quality: QualityReport;
  /** What the log holds now. */
  summary: LogSummary;
}
