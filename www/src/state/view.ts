/**
 * What is looked at, and how: the settings of the interest step and the selection that all its charts share. Plain data, so
 * that a change can be undone, and written into a link. Pure.
 */
import type { UserRow, WindowLength } from 'driftscope';
import { ORDERS, type Order } from '../charts/arrange';
import { MEASURES, type HeatMeasure } from '../charts/measures';
import type { Highlight } from '../charts/highlight';
import { THRESHOLDS } from './thresholds';

export const SHAPES = ['heat', 'stream'] as const;
export type Shape = (typeof SHAPES)[number];

export interface View {
  /** Whose interest; null: everyone. Never written into a link. */
  user: UserRow | null;
  length: WindowLength;
  timeZone: string;
  halfLife: number | null;
  weighKinds: boolean;

  shape: Shape;
  measure: HeatMeasure;
  /** Colours by the logarithm of the value. */
  log: boolean;
  order: Order;
  /** Domains that are drawn; the rest is summed up. */
  top: number;
  /** Only domains with this in their name are drawn. */
  find: string;
  flowTop: number;
  /** Flows with a smaller share of what moved are summed up. */
  flowLeast: number;

  /** The segment that is looked at, by number; null: all users. Segments belong to the windows and weights above. */
  segment: number | null;
  /** The selection: a domain or a flow by name, a window or two of them by number. */
  domain: string | null;
  flow: { from: string; to: string } | null;
  window: number | null;
  between: { from: number; to: number } | null;
}

export const FIRST_VIEW: View = {
  user: null,
  length: 'week',
  timeZone: 'UTC',
  halfLife: null,
  weighKinds: true,
  shape: 'heat',
  measure: 'share',
  log: false,
  order: 'size',
  top: THRESHOLDS.heatTop[1],
  find: '',
  flowTop: THRESHOLDS.flowTop[1],
  flowLeast: 0,
  segment: null,
  domain: null,
  flow: null,
  window: null,
  between: null,
};

/** The view with a change, which may make other parts meaningless. */
export function changed(view: View, change: Partial<View>): View {
  const next = { ...view, ...change };
  // Other windows have other numbers.
  if (next.length !== view.length || next.timeZone !== view.timeZone) {
    if (!('window' in change)) next.window = null;
    if (!('between' in change)) next.between = null;
  }
  const regrouped = (['length', 'timeZone', 'halfLife', 'weighKinds'] as const).some((key) => next[key] !== view[key]);
  if (regrouped && !('segment' in change)) next.segment = null;
  // One user, or the users of a segment.
  if (change.user) next.segment = null;
  if (change.segment !== undefined && change.segment !== null) next.user = null;
  // One domain or one flow, one window or two.
  if (change.domain) next.flow = null;
  if (change.flow) next.domain = null;
  if (change.window !== undefined && change.window !== null) next.between = null;
  if (change.between) next.window = null;
  return next;
}

/** Whether two views show the same. */
export const isSame = (a: View, b: View): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The windows that the transfer is shown between: those picked, or what moved into the picked one. */
export function transferWindows(view: Pick<View, 'window' | 'between'>): { from: number; to: number } | null {
  if (view.between) return view.between;
  return view.window !== null && view.window > 0 ? { from: view.window - 1, to: view.window } : null;
}

/** The selection by name and number. */
export function highlightOf({
  domain,
  flow,
  window,
  between,
}: Pick<View, 'domain' | 'flow' | 'window' | 'between'>): Highlight {
  return {
    domains: domain !== null ? [domain] : flow ? [flow.from, flow.to] : [],
    windows: window !== null ? [window] : between ? [between.from, between.to] : [],
  };
}

/** Writes the view as the query of a link. It names domains and windows, never a user or an event. */
export function toQuery(view: View): string {
  const out = new URLSearchParams({ w: String(view.length), tz: view.timeZone });
  const put = (key: string, value: string, usual: boolean): void => {
    if (!usual) out.set(key, value);
  };
  put('hl', String(view.halfLife), view.halfLife === null);
  put('k', '0', view.weighKinds);
  put('v', view.shape, view.shape === FIRST_VIEW.shape);
  put('m', view.measure, view.measure === FIRST_VIEW.measure);
  put('log', '1', !view.log);
  put('o', view.order, view.order === FIRST_VIEW.order);
  put('n', String(view.top), view.top === FIRST_VIEW.top);
  put('q', view.find, view.find === '');
  put('ft', String(view.flowTop), view.flowTop === FIRST_VIEW.flowTop);
  put('fl', String(view.flowLeast), view.flowLeast === 0);
  put('sg', String(view.segment), view.segment === null);
  put('d', view.domain ?? '', view.domain === null);
  if (view.flow) {
    out.set('from', view.flow.from);
    out.set('to', view.flow.to);
  }
  put('x', String(view.window), view.window === null);
  if (view.between) out.set('xx', `${view.between.from}-${view.between.to}`);
  return out.toString();
}

const LENGTHS: readonly string[] = ['day', 'week', 'days28', 'weeks13'];

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Reads a query; what it does not know or cannot be is left out. */
export function fromQuery(query: string): Partial<View> {
  const given = new URLSearchParams(query);
  const view: Partial<View> = {};
  const text = (key: string): string => given.get(key) ?? '';
  const oneOf = <T>(key: string, known: readonly T[], take: (value: T) => void): void => {
    const found = known.find((candidate) => given.has(key) && String(candidate) === text(key));
    if (found !== undefined) take(found);
  };
  const whole = (value: string): number | null => (/^\d{1,6}$/.test(value) ? Number(value) : null);
  const seconds = /^\d{1,10}$/.test(text('w')) ? Number(text('w')) : 0;
  if (LENGTHS.includes(text('w'))) view.length = text('w') as WindowLength;
  else if (seconds > 0) view.length = seconds;
  if (text('tz') && isZone(text('tz'))) view.timeZone = text('tz');
  oneOf('hl', THRESHOLDS.halfLives, (value) => (view.halfLife = value));
  oneOf('k', ['0'], () => (view.weighKinds = false));
  oneOf('v', SHAPES, (value) => (view.shape = value));
  oneOf('m', MEASURES, (value) => (view.measure = value));
  oneOf('log', ['1'], () => (view.log = true));
  oneOf('o', ORDERS, (value) => (view.order = value));
  oneOf('n', THRESHOLDS.heatTop, (value) => (view.top = value));
  oneOf('ft', THRESHOLDS.flowTop, (value) => (view.flowTop = value));
  oneOf('fl', THRESHOLDS.flowLeast, (value) => (view.flowLeast = value));
  if (text('q')) view.find = text('q').slice(0, 200);
  const segment = whole(text('sg'));
  if (segment !== null && segment < THRESHOLDS.mostSegments) view.segment = segment;
  if (given.has('d')) view.domain = text('d');
  else if (given.has('from') && given.has('to')) view.flow = { from: text('from'), to: text('to') };
  const window = whole(text('x'));
  const [from = null, to = null] = text('xx').split('-').map(whole);
  if (window !== null) view.window = window;
  else if (from !== null && to !== null && from < to) view.between = { from, to };
  return view;
}
