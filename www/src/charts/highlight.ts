/** What is selected, by name and number: every chart shows it in full and the rest faded. Pure. */

export interface Highlight {
  domains: readonly string[];
  windows: readonly number[];
}

export const NOTHING: Highlight = { domains: [], windows: [] };

/** Opacity of what is not selected. */
export const FADED = 0.28;

/** Whether a domain shows in full. */
export const isDomainLit = ({ domains }: Highlight, name: string): boolean =>
  domains.length === 0 || domains.includes(name);

/** Whether a window shows in full. */
export const isWindowLit = ({ windows }: Highlight, window: number): boolean =>
  windows.length === 0 || windows.includes(window);

/** Whether a cell of domain × window shows in full: with both selected, the row and the column do. */
export function isCellLit({ domains, windows }: Highlight, name: string, window: number): boolean {
  if (domains.length === 0 && windows.length === 0) return true;
  return domains.includes(name) || windows.includes(window);
}
