/** Interests over time: windows, the heat map, flows, drift, users. */
/** A number is a length in seconds. */
export type WindowLength = 'day' | 'week' | 'days28' | 'weeks13' | number;

/** How time is cut into windows. */
export interface WindowOptions {
  /** How long a window is. */
  length: WindowLength;
  /** IANA zone in whose local time days and weeks begin. */
  timeZone: string;
}

/** Whose events count. */
export type Scope = { kind: 'everyone' } | { kind: 'user'; user: number } | { kind: 'users'; users: number[] };

/** How events make profiles. */
export interface InterestOptions {
  /** How time is cut into windows. */
  window: WindowOptions;
  /** Half-life of an event's weight in windows; null: only the window itself counts. */
  halfLife: number | null;
  /** Weigh events by kind, or count each as 1. */
  weighKinds: boolean;
}

/** The windows that a log falls into. */
export interface Windows {
  /** Start of each window; one more entry than windows, the last being the end. */
  bounds: Float64Array;
  /** Whether the last window ends before its full length (the log stops inside it). */
  lastPartial: boolean;
}

/** Domain × window: the heat map. Domains by total weight, largest first. */
export interface Evolution {
  /** The columns. */
  windows: Windows;
  /** The rows: id, name and number of events. */
  domains: { id: number; name: string; events: number }[];
  /** domains × windows, row-major: weighted events. */
  weights: Float64Array;
  /** Number of events in each window (unweighted), and of distinct active users. */
  events: Float64Array;
  /** Number of distinct users with an event, by window. */
  activeUsers: Float64Array;
  /** domains × windows: each weight divided by its window's sum. */
  shares: Float64Array;
}

/** Flows between the profiles of consecutive active windows. */
export interface Transfer {
  /** Sum over users of the mass that moved from one domain to another; a user's profile has mass 1. */
  flows: { from: number; to: number; mass: number; users: number }[];
  /** Mass that stayed within its domain. */
  stayed: { domain: number; mass: number }[];
  /** Names of the domains in `flows` and `stayed`. */
  domains: { id: number; name: string }[];
  /** Mass and number of the flows left out by `top`. */
  others: { mass: number; flows: number };
  /** Users with two active windows or more. */
  users: number;
}

/** How far the profile of everyone, or of a user, moved from window to window. */
export interface Drift {
  /** The windows; the arrays have one entry for each. */
  windows: Windows;
  /** Jensen–Shannon distance (base 2, 0..1) between each window's profile and that of the active window before; NaN where there is none. */
  distance: Float64Array;
  /** Mean over users of their own distance; NaN likewise. */
  meanUserDistance: Float64Array;
  /** Windows where the distance jumps, with the score that says by how much. */
  changePoints: { window: number; score: number }[];
}

/** One user, for lists. */
export interface UserRow {
  /** Number by which the other calls know the user. */
  id: number;
  /** The user as the log names them. */
  name: string;
  /** Number of events. */
  events: number;
  /** Name of the domain with the most weighted events. */
  topDomain: string;
  /** Time of the first event, Unix seconds. */
  firstTime: number;
  /** Time of the last event, Unix seconds. */
  lastTime: number;
}

/** One user's events as columns of equal length, earliest first. */
export interface UserEvents {
  /** Unix seconds, ascending. */
  times: Float64Array;
  /** Place in `domainNames`; −1 where the item has no domain. */
  domains: Float64Array;
  /** Place in `kindNames`. */
  kinds: Float64Array;
  /** Place in `itemNames`. */
  items: Float64Array;
  /** The user's domains by number of events, most first. */
  domainNames: string[];
  /** Names of the kinds. */
  kindNames: string[];
  /** Names of the items, and their titles where the log has some. */
  itemNames: { name: string; title: string | null }[];
}

/** A user whose profile over the whole log is like another's. */
export interface NearUser extends UserRow {
  /** Jensen–Shannon distance of the two profiles, 0 to 1. */
  distance: number;
  /** Up to three domains that most of the overlap lies in, with their shares of both profiles. */
  shared: { name: string; own: number; theirs: number }[];
}
