/** The bare page of a report: headings, tables and figures as HTML that runs nothing and loads nothing. Pure. */
import type { TableView } from '../charts/frame';
import { escapeMarkup } from './drawings';

/** Nothing may be loaded or run, whatever a name in the log says. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE = `
:root { color-scheme: light; --ink: #17222d; --soft: #4a5864; --line: #dde2e0; --accent: #1b5e80; }
body { margin: 0 auto; padding: 2rem clamp(1rem, 4vw, 3rem) 4rem; max-width: 64rem; background: #fff; color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'PingFang SC', 'Microsoft YaHei',
  'Noto Sans CJK SC', sans-serif; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.4rem; margin: 3rem 0 .5rem; padding-top: 1rem; border-top: 2px solid var(--line); }
h3 { font-size: 1.08rem; margin: 2rem 0 .3rem; }
p, li { max-width: 46rem; }
.soft, figcaption { color: var(--soft); font-size: .875rem; }
nav ul { padding-left: 1.2rem; }
a { color: var(--accent); }
figure { margin: 1rem 0; }
figure svg { position: static !important; max-width: 100%; height: auto; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .84rem; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
tbody th { min-width: 10rem; font-weight: 550; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { color: var(--soft); font-weight: 550; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
details { margin: .5rem 0 1rem; }
summary { color: var(--accent); cursor: pointer; }
p.verdict { margin: 1rem 0; padding: .8rem 1rem; border-left: 4px solid var(--accent); background: #eef4f7;
  font-weight: 550; }
@media print { body { max-width: none; padding: 0; } h2 { break-before: page; } figure, tr { break-inside: avoid; } }
`;

/** One part of a report. `body` is HTML. */
export interface Section {
  id: string;
  title: string;
  body: string;
}

/** A paragraph. */
export const paragraph = (text: string, soft = false): string =>
  `<p${soft ? ' class="soft"' : ''}>${escapeMarkup(text)}</p>`;

/** The sentence that sums a section up. */
export const verdict = (text: string): string => `<p class="verdict">${escapeMarkup(text)}</p>`;

/** A heading within a section. */
export const heading = (text: string): string => `<h3>${escapeMarkup(text)}</h3>`;

/** Wide tables scroll, by keyboard, too. */
const scroller = (caption: string): string =>
  `<div class="scroll" tabindex="0" role="group" aria-label="${escapeMarkup(caption)}">`;

/** A table of at most `limit` rows; `cut` says that there are more. */
export function tableHtml(
  table: TableView,
  caption: string,
  limit: number,
  cut: (shown: number, total: number) => string,
): string {
  const align = (column: number): string => (table.columns[column]?.numeric ? ' class="n"' : '');
  const head = table.columns.map(({ name }, at) => `<th scope="col"${align(at)}>${escapeMarkup(name)}</th>`).join('');
  const rows = table.rows.slice(0, limit).map((cells) => {
    const written = cells.map((cell, at) =>
      at === 0 ? `<th scope="row">${escapeMarkup(cell)}</th>` : `<td${align(at)}>${escapeMarkup(cell)}</td>`,
    );
    return `<tr>${written.join('')}</tr>`;
  });
  const more = table.rows.length > limit ? paragraph(cut(limit, table.rows.length), true) : '';
  return `${scroller(caption)}<table><caption>${escapeMarkup(caption)}</caption><thead><tr>${head}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>${more}`;
}

/** A list of names and values. */
export function pairs(entries: readonly (readonly [string, string])[], caption: string): string {
  const rows = entries.map(
    ([name, value]) => `<tr><th scope="row">${escapeMarkup(name)}</th><td>${escapeMarkup(value)}</td></tr>`,
  );
  return `${scroller(caption)}<table><caption>${escapeMarkup(caption)}</caption><tbody>${rows.join('\n')}</tbody></table></div>`;
}

/** A chart with its words, and its numbers folded away below. `svg` comes from `chartSvg`, `twin` from `tableHtml`. */
export function figure(title: string, text: string, svg: string, numbers: string, twin: string): string {
  const labelled = svg.replace('<svg ', `<svg role="img" aria-label="${escapeMarkup(title)}" `);
  return `${heading(title)}<figure>${labelled}<figcaption>${escapeMarkup(text)}</figcaption></figure>
<details><summary>${escapeMarkup(numbers)}</summary>${twin}</details>`;
}

/** The whole file. */
export function pageHtml(
  { title, lang, contents, lead, foot }: Record<'title' | 'lang' | 'contents' | 'foot', string> & { lead: string[] },
  sections: readonly Section[],
): string {
  const links = sections.map(({ id, title }) => `<li><a href="#${id}">${escapeMarkup(title)}</a></li>`).join('');
  const parts = sections.map(
    ({ id, title, body }) => `<section><h2 id="${id}">${escapeMarkup(title)}</h2>\n${body}</section>`,
  );
  return `<!doctype html>
<html lang="${escapeMarkup(lang)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeMarkup(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>${escapeMarkup(title)}</h1>${lead.map((text) => paragraph(text, true)).join('')}</header>
<nav aria-label="${escapeMarkup(contents)}"><ul>${links}</ul></nav>
<main>
${parts.join('\n')}
</main>
<footer>${paragraph(foot, true)}</footer>
</body>
</html>
`;
}
