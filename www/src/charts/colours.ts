/** The colours that charts draw with. The values live in theme/tokens.css; this reads them as they are now. */

export interface ChartColours {
  ink: string;
  soft: string;
  faint: string;
  line: string;
  surface: string;
  raised: string;
  accent: string;
  warn: string;
  /** Sequential, low to high. */
  heat: string[];
  /** Diverging, below to above. */
  diverging: string[];
  categories: string[];
  rest: string;
  font: string;
}

const range = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `--${name}-${index}`);

/** Resolves the tokens against the element's colour scheme. */
export function readColours(host: HTMLElement): ChartColours {
  const probe = document.createElement('span');
  probe.hidden = true;
  host.append(probe);
  const colour = (token: string): string => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const colours: ChartColours = {
    ink: colour('--ink'),
    soft: colour('--ink-soft'),
    faint: colour('--ink-faint'),
    line: colour('--line'),
    surface: colour('--surface'),
    raised: colour('--surface-raised'),
    accent: colour('--accent'),
    warn: colour('--above-2'),
    heat: range('heat', 7).map(colour),
    diverging: ['--below-2', '--below-1', '--average', '--above-1', '--above-2'].map(colour),
    categories: range('category', 10).map(colour),
    rest: colour('--category-rest'),
    font: getComputedStyle(host).fontFamily,
  };
  probe.remove();
  return colours;
}

/** The colour of a domain, the same in every chart: by its place in the ranking, grey beyond the palette. */
export function domainColour(colours: ChartColours, rank: number): string {
  return rank >= 0 && rank < colours.categories.length ? (colours.categories[rank] ?? colours.rest) : colours.rest;
}
