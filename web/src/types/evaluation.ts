/** How good a model is. */
import type { ModelName } from './training.js';

export interface Metrics {
  ndcg10: number;
  accuracy: number;
  accuracyTop3: number;
  macroPrecision: number;
  macroRecall: number;
  macroF1: number;
  accuracyTransfer: number;
  accuracyStable: number;
  /** Expected calibration error of the first domain's share, 0 to 1. */
  calibrationError: number;
  /** Brier score of the shares against the label, 0 to 2. */
  brier: number;
  instances: number;
  labelled: number;
  classes: number;
  transfer: number;
  stable: number;
}

/** What ranked lists are like: share of the catalogue in any list, 1 − likeness within a list, bits of surprise of an entry. */
export interface ListMetrics {
  coverage: number;
  diversity: number;
  novelty: number;
}

/** A point of the reliability diagram: forecasts with a confidence in (low, high], how sure they were and how often right. */
export interface ReliabilityBin {
  low: number;
  high: number;
  count: number;
  confidence: number;
  accuracy: number;
}

/** Forecasts by what came (rows) and by the domain that was ranked first (columns). */
export interface Confusion {
  /** The domains that came most often, most frequent first. */
  domains: { id: number; name: string }[];
  /** (n + 1) × (n + 1) for n `domains`, row-major; the last row and the last column are all other domains. */
  counts: number[];
}

export interface ModelReport {
  model: ModelName;
  trained: boolean;
  validation: Metrics;
  test: Metrics;
  /** Of the test windows' lists of domains. */
  lists: ListMetrics;
  reliability: ReliabilityBin[];
  /** Of the test windows. */
  confusion: Confusion;
  /** NDCG@10 minus that of the best baseline on validation, on test, with its paired bootstrap interval over users; null for that baseline. */
  gain: { difference: number; low: number; high: number; baseline: ModelName } | null;
  parameters: number;
  seconds: number;
}
