/** What forecasts and recommendations rest on. */
import type { CallOptions } from './call.js';
import type { NextItems } from './next-item.js';
import type { ModelName } from './training.js';

/** Which forecast to explain. */
export interface ExplainOptions extends CallOptions {
  /** Id of the domain; the first of the forecast where it is left out. Only for `explain`. */
  domain?: number;
  /** The best model where it is left out. */
  model?: ModelName;
}

/**
 * What a user's forecast share of a domain rests on. An effect is the share less the share without the events in question;
 * effects are those of one deletion at a time and need not add up.
 */
export interface Explanation {
  /** Which model's forecast it is. */
  model: ModelName;
  /** Start and end of the window that is forecast, Unix seconds. */
  window: [number, number];
  /** Id of the user. */
  user: number;
  /** Id and name of the domain. */
  domain: number;
  /** Name of the domain. */
  name: string;
  /** Forecast share, 0 to 1. */
  share: number;
  /** What the share would be if nothing were known of the user. */
  withoutPast: number;
  /** Groups of the user's own events, the strongest effect first, whatever its sign. */
  events: {
    /** Null for the events of all domains that have no group of their own. */
    domain: number | null;
    name: string;
    events: number;
    /** Unix seconds. */
    firstTime: number;
    lastTime: number;
    /** Some of the items: titles, or names. */
    items: string[];
    effect: number;
  }[];
  /** The users most like this one by the items that both touched. */
  neighbours: {
    user: number;
    name: string;
    /** Part of the resemblance among these users, 0 to 1. */
    weight: number;
    /** Items that both touched, the rarest first. */
    shared: string[];
    /** Share of the domain among the other's events of the last four windows. */
    interest: number;
    effect: number;
  }[];
  /** The strongest group of events against as many of the user's events drawn at random (mean effect). */
  check: { events: number; named: number; random: number };
}

/** Because of which of the user's items another one is recommended. */
export interface ItemExplanation {
  /** Which model recommends it. */
  model: ModelName;
  /** Id of the user. */
  user: number;
  /** The recommended item. */
  item: NextItems['items'][number];
  /** What the score would be if nothing were known of the user. */
  withoutPast: number;
  /** The user's items, the one that speaks most for it first. `part`: of all effects in the same direction, 0 to 1. */
  because: { name: string; title: string | null; lastTime: number | null; effect: number; part: number }[];
}
