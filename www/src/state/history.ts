/** The browser's back and forward buttons move between steps instead of leaving the page and losing the log. */

/** Adds the step to the browser's history. */
export function pushStep(step: string): void {
  if (location.hash.slice(1) !== step) history.pushState(null, '', `#${step}`);
}

/** Calls `go` with the step that a back or forward button leads to. A page that is opened anew begins at its start. */
export function followHistory(go: (step: string) => void): void {
  history.replaceState(null, '', location.pathname + location.search);
  window.addEventListener('popstate', () => go(location.hash.slice(1)));
}
