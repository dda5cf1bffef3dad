/** What a click on a domain, a window or a flow does to the selection: selects it, or lets it go when it was selected. */
import type { View } from './view';
import { views } from './views.svelte';

export function toggleDomain(name: string): void {
  views.change({ domain: views.now.domain === name ? null : name, flow: null });
}

/** With `extend` (Shift), the window that is selected already and this one make a pair. */
export function toggleWindow(window: number, extend = false): void {
  const { window: before, between } = views.now;
  const other = before ?? between?.from ?? null;
  if (extend && other !== null && other !== window) {
    views.change({ between: { from: Math.min(other, window), to: Math.max(other, window) } });
  } else views.change({ window: before === window ? null : window, between: null });
}

/** A cell of domain × window: both at once; `domain` null where the cell is the others'. */
export function toggleCell(domain: string | null, window: number, extend = false): void {
  if (extend || domain === null) return toggleWindow(window, extend);
  const on = views.now.domain === domain && views.now.window === window;
  views.change(on ? { domain: null, window: null } : { domain, window });
}

export function toggleFlow(from: string, to: string): void {
  const { flow } = views.now;
  views.change({ flow: flow?.from === from && flow.to === to ? null : { from, to }, domain: null });
}

/** One segment's users, or all again. */
export function toggleSegment(segment: number): void {
  views.change({ segment: views.now.segment === segment ? null : segment });
}

/** Lets go of everything that is selected, the user included. */
export function clearSelection(): void {
  views.change({ user: null, segment: null, domain: null, flow: null, window: null, between: null });
}

/** Whether anything is selected. */
export const anythingSelected = ({ user, segment, domain, flow, window, between }: View): boolean =>
  [user, segment, domain, flow, window, between].some((part) => part !== null);
