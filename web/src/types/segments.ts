/** Users by where their interest is and where it moves. */
import type { CallOptions } from './call.js';
import type { Windows } from './interest.js';

/** How segments are made. */
export interface SegmentOptions extends CallOptions {
  /** Number of segments; where it is left out, 2 to 12 are tried and the largest stable number is taken. */
  count?: number;
  /** Windows over which a movement is looked at; default: half of all. */
  stretch?: number;
  /** Same seed, same segments (default: 1). */
  seed?: number;
}

/** Users by where their interest is and where it moves. */
export interface Segments {
  /** The windows. */
  windows: Windows;
  /** Windows over which movements are looked at. */
  stretch: number;
  /** Half-life of the profiles, in windows; a sixth of the windows where none was given. */
  halfLife: number;
  /**
   * How well each number of segments that was tried comes out again on other users: prediction strength (0 to 1, enough from
   * .9 on) and adjusted Rand index (0: chance, 1: the same).
   */
  stability: { count: number; strength: number; rand: number }[];
  /** The largest first. */
  segments: Segment[];
  /** By user id: number of the segment at the end of the user's last active window; −1 without any. */
  ofUser: Float64Array;
  /** windows × segments, row-major: users active in the window, by their segment at its end. */
  members: Float64Array;
  /**
   * (windows − 1) × (segments + 1) × (segments + 1), row-major: users by segment in a window (from) and in the next one (to).
   * The last place of each is being away: no event in that window.
   */
  flows: Float64Array;
}

/** One segment. */
export interface Segment {
  /** Number of users. */
  users: number;
  /** Domains that it has more of than the others, surest first: mean shares, and the standard score of the log-odds ratio. */
  domains: { id: number; name: string; share: number; others: number; score: number }[];
  /** Domains that its interest comes to or goes from more than the others' does: mean changes of the share, −1 to 1. */
  moves: { id: number; name: string; change: number; others: number; score: number }[];
}
