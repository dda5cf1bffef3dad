/** What a trained model expects of the next window. */
import type { ModelName } from './training.js';

/** Shares of domains in the window to come. */
export interface Forecast {
  /** Which model it is by. */
  model: ModelName;
  /** Start and end of the window that is forecast. */
  window: [number, number];
  /** Domains by share, largest first. */
  domains: { id: number; name: string; share: number; now: number }[];
  /** Number of users behind it (1 for one user). */
  users: number;
  /** Those of them with fewer than five events before the window: theirs is a cold-start forecast. */
  coldUsers: number;
}
