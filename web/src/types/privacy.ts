/** What may leave the tab, and in which form. */
import type { Windows } from './interest.js';

/** Which totals are published beside the cells. */
export interface Totals {
  /** Sums over windows, one for each domain. */
  rows: boolean;
  /** Sums over domains, one for each window. */
  columns: boolean;
}

/** Events by domain and window, of which nobody's stand out: what fewer than k users stand behind is hidden. */
export interface AnonymousEvolution {
  /** The columns. */
  windows: Windows;
  /** Names of the domains, by number of events: the rows. Those with fewer than k users stand together as "Other", at the end. */
  domains: string[];
  /** domains × windows, row-major: number of events; NaN where hidden. */
  events: Float64Array;
  /** Sums over windows; NaN where hidden or not asked for. */
  domainTotals: Float64Array;
  /** Sums over domains; NaN where hidden or not asked for. */
  windowTotals: Float64Array;
  /** Number of cells hidden for having fewer than k users. For the person who exports, not for publication. */
  few: number;
  /** Number of cells hidden since another hidden cell would follow from them and the totals. */
  complements: number;
  /** Number of domains under "Other". */
  merged: number;
}

/**
 * An (ε, δ) guarantee: what anyone can say about a person changes by a factor of at most e^ε by the person's being in the log,
 * but for a chance of δ.
 */
export interface PrivacyLoss {
  /** ε, over 0. */
  epsilon: number;
  /** 0 for a pure guarantee. */
  delta: number;
}

/** A budget and what is left of it. */
export interface PrivacyAccount {
  /** What all releases together may give away. */
  budget: PrivacyLoss;
  /** ε of all releases so far, at the budget's δ. */
  spent: number;
  /** Number of releases so far. */
  releases: number;
}

/** How much a release gives away, and of what. */
export interface PrivateOptions {
  /** δ = 0: Laplace noise; else Gaussian. */
  loss: PrivacyLoss;
  /** To so many cells each user counts at most. More keeps more, and adds more noise. */
  cellsPerUser: number;
  /** Whether the list of domains is secret, too: cells with few users are then left out, which takes half of δ. */
  secretDomains: boolean;
}

/** Users by domain and window, with noise. */
export interface PrivateEvolution {
  /** The columns. */
  windows: Windows;
  /** In alphabetical order: the rows. */
  domains: string[];
  /** domains × windows, row-major: number of users plus noise, which may be negative; NaN where left out. */
  users: Float64Array;
  /** P(x) ∝ exp(−|x| / parameter) for `laplace`, exp(−x² / 2 parameter) for `gaussian`; the parameter as a fraction. */
  noise: { kind: 'laplace' | 'gaussian'; parameter: { numerator: number; denominator: number } };
  /** With a chance of 95 % the noise of a cell is at most that. */
  bound: number;
  /** Cells below this were left out; 0 where none were. */
  threshold: number;
  /** Share of users' cells that did not count. Exact: for the person who exports, not for publication. */
  uncounted: number;
}
