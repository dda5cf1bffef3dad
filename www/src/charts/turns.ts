/** Draws one chart a task, so that the page can answer between two of them. */
const waiting: (() => void)[] = [];

function next(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setTimeout(next);
}

/** Has `draw` called in its turn; the function that is returned takes it back. */
export function inTurn(draw: () => void): () => void {
  waiting.push(draw);
  if (waiting.length === 1) setTimeout(next);
  return () => {
    const at = waiting.indexOf(draw);
    // An empty turn keeps the queue going.
    if (at >= 0) waiting[at] = () => undefined;
  };
}
