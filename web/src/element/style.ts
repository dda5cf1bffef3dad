/** Appearance of the element; every colour is a custom property that a page can set. */
export const STYLE = `
:host {
  --_ink: var(--driftscope-ink, CanvasText);
  --_surface: var(--driftscope-surface, Canvas);
  --_low: var(--driftscope-low, color-mix(in srgb, var(--_ink) 5%, var(--_surface)));
  --_high: var(--driftscope-high, #0f766e);
  --_flow: var(--driftscope-flow, #2563a8);
  display: block;
  overflow: auto;
  color: var(--_ink);
  background: var(--_surface);
  font: var(--driftscope-font, 0.8125rem/1.4 system-ui, sans-serif);
}
:host([hidden]) { display: none; }
table { border-collapse: separate; border-spacing: 1px; }
caption { text-align: start; padding-block: 0.3rem; font-weight: 600; }
th { font-weight: 500; white-space: nowrap; text-align: start; padding-inline: 0.4rem; }
thead th:not(:first-child) { font-size: 0.6875rem; writing-mode: vertical-rl; }
tbody th { position: sticky; inset-inline-start: 0; background: var(--_surface); max-width: 14rem; overflow: hidden; }
tbody th button { all: unset; cursor: pointer; display: block; overflow: hidden; text-overflow: ellipsis; max-width: 14rem; }
tbody th button:focus-visible { outline: 2px solid var(--_high); }
td { width: 1.1rem; min-width: 1.1rem; height: 1.2rem; cursor: pointer;
  background: color-mix(in oklab, var(--_high) var(--level), var(--_low)); }
td span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
svg { display: block; width: 100%; max-width: 60rem; margin-block: 0.6rem; }
svg text { fill: var(--_ink); font: inherit; }
.node { fill: var(--_ink); }
.ribbon { fill: none; stroke: var(--_flow); stroke-opacity: 0.35; }
.ribbon:hover { stroke-opacity: 0.7; }
p { margin: 0.4rem 0; }
`;
