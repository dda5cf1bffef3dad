/** Migration between domains, odd users, and what is probable of users in the next window. */
import type { CallOptions } from './call.js';

/** Which migration is looked for. */
export interface MigrationOptions extends CallOptions {
  /** Expected share of false findings among those reported (default: .05). */
  level?: number;
  /** Most flows, leads and exits to list (default: 50). */
  top?: number;
}

/** Where interest goes on balance, against windows whose order means nothing. `q`: adjusted p-value (Benjamini–Hochberg). */
export interface Migration {
  /** Domains that feed others, surest first; `mass` is net, a user's profile having mass 1. */
  flows: { from: number; to: number; mass: number; users: number; score: number; q: number }[];
  /** Early signs: `sign` grows one step before `loss` loses, among the same users. */
  leads: { sign: number; loss: number; strength: number; users: number; score: number; q: number }[];
  /** What the last window of users who left held more of than their others: mean shares. */
  exits: { domain: number; share: number; usual: number; score: number; q: number }[];
  /** Names of the domains above. */
  domains: { id: number; name: string }[];
  /** Users with two or more active windows. */
  users: number;
  /** How many of them left: no event in the last sixth of the windows. */
  left: number;
  /** Pairs of domains that were tested for a flow, and how many have one. */
  tested: [number, number];
}

/**
 * What may be odd about a user: events within a minute or an hour, evenness of gaps (machines), a large visit unlike all
 * others of the user (another person at the account).
 */
export type OddSign = 'minute' | 'hour' | 'regularity' | 'jump';

/** Users who are unlike the others. */
export interface Anomalies {
  /** Oddest first. `score`: modified z-score of the strongest reason, above 3.5. */
  users: {
    id: number;
    name: string;
    score: number;
    /** `usual`: median of all users; `time`: when it began, null where it holds always. */
    reasons: { sign: OddSign; value: number; usual: number; score: number; time: number | null }[];
  }[];
  /** Users with a reason, listed or not. */
  found: number;
  /** Users with any event. */
  lookedAt: number;
}

/** How well an outcome was foretold on windows that were held out; pairs are of the model and of the recency baseline. */
export interface Foretold {
  /** Number of user–window pairs. */
  instances: number;
  /** Share of them with the outcome. */
  rate: number;
  /** Area under the ROC curve. */
  auc: [number, number];
  /** Mean squared error of the probability. */
  brier: [number, number];
  /** Expected calibration error. */
  calibrationError: [number, number];
  /** The baseline's Brier score less the model's, with its paired bootstrap interval over users. */
  gain: { difference: number; low: number; high: number; above: number } | null;
}

/** How probable it is that a user stays away in the next window, and that he buys in it. */
export interface Prospects {
  /** Start and end of the window that is foretold, Unix seconds. */
  window: [number, number];
  /** How well churn was foretold; null where too little of it happened to learn from. */
  churn: Foretold | null;
  /** Likewise purchases. */
  purchase: Foretold | null;
  /** By user id: probability of no event in the window; NaN where nothing is known. */
  churnRisk: Float64Array;
  /** By user id: probability of a purchase in the window; NaN likewise. */
  purchaseChance: Float64Array;
}
