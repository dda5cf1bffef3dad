/** How good a model is. */
import type { ModelName } from './training.js';

/** How good forecasts are over the instances of some windows; an instance is a user and a window. */
export interface Metrics {
  /** NDCG@10 with linear gain, over all instances. */
  ndcg10: number;
  /** Share of labelled instances whose label is ranked first; the label is the domain that came most. */
  accuracy: number;
  /** Share of labelled instances with the label among the first three. */
  accuracyTop3: number;
  /** Mean precision over the classes that occur as a label; 0 for a class that is never predicted. */
  macroPrecision: number;
  /** Mean recall over the same classes. */
  macroRecall: number;
  /** Mean F1 over the same classes. */
  macroF1: number;
  /** Accuracy where the label differs from the user's previous one. */
  accuracyTransfer: number;
  /** Accuracy where the label is the previous one. */
  accuracyStable: number;
  /** Expected calibration error of the first domain's share, 0 to 1. */
  calibrationError: number;
  /** Brier score of the shares against the label, 0 to 2. */
  brier: number;
  /** Scored instances. */
  instances: number;
  /** Those with a label, that is without a tie for the most frequent domain. */
  labelled: number;
  /** Distinct labels. */
  classes: number;
  /** Labelled instances whose label differs from the user's previous one. */
  transfer: number;
  /** Labelled instances whose label is the previous one. */
  stable: number;
}

/** What ranked lists are like: share of the catalogue in any list, 1 − likeness within a list, bits of surprise of an entry. */
export interface ListMetrics {
  /** Share of the catalogue that stands in any list, 0 to 1. */
  coverage: number;
  /** 1 − mean likeness of two entries of a list, 0 to 1. */
  diversity: number;
  /** Mean surprise of an entry in bits. */
  novelty: number;
}

/** A point of the reliability diagram: forecasts with a confidence in (low, high], how sure they were and how often right. */
export interface ReliabilityBin {
  /** Confidence above this; the first bin starts at 0. */
  low: number;
  /** Confidence up to and with this. */
  high: number;
  /** Forecasts in the bin. */
  count: number;
  /** Their mean confidence; 0 in an empty bin. */
  confidence: number;
  /** Share of them whose first domain came; 0 in an empty bin. */
  accuracy: number;
}

/** Forecasts by what came (rows) and by the domain that was ranked first (columns). */
export interface Confusion {
  /** The domains that came most often, most frequent first. */
  domains: { id: number; name: string }[];
  /** (n + 1) × (n + 1) for n `domains`, row-major; the last row and the last column are all other domains. */
  counts: number[];
}

/** One model, scored on validation and on test windows. */
export interface ModelReport {
  /** Which. */
  model: ModelName;
  /** Whether it learned anything; baselines only count. */
  trained: boolean;
  /** On the windows by which models are chosen. */
  validation: Metrics;
  /** On the last windows, which no choice has seen. */
  test: Metrics;
  /** Of the test windows' lists of domains. */
  lists: ListMetrics;
  /** How far its confidence can be believed, on the test windows. */
  reliability: ReliabilityBin[];
  /** Of the test windows. */
  confusion: Confusion;
  /** NDCG@10 minus that of the best baseline on validation, on test, with its paired bootstrap interval over users; null for that baseline. */
  gain: { difference: number; low: number; high: number; baseline: ModelName } | null;
  /** Learned numbers. */
  parameters: number;
  /** Seconds of its training and scoring. */
  seconds: number;
}
