/** Paints the cells of domain × window as pixels, one for each: a few milliseconds for what is in sight of a million. Pure. */
import type { DomainRow } from './arrange';
import { FADED, isCellLit, type Highlight } from './highlight';
import { cellValues, type HeatMeasure, type HeatScale } from './measures';

/** Steps of a colour scale. */
const STEPS = 256;

/** Red, green and blue of a scale's colours in `STEPS` steps, from its stops. */
export function ramp(stops: readonly (readonly [number, number, number])[]): Uint8ClampedArray {
  const colours = new Uint8ClampedArray(STEPS * 3);
  for (let step = 0; step < STEPS; step += 1) {
    const at = (step / (STEPS - 1)) * (stops.length - 1);
    const [low, high] = [stops[Math.floor(at)], stops[Math.ceil(at)]];
    for (let part = 0; part < 3; part += 1) {
      const [from, to] = [low?.[part] ?? 0, high?.[part] ?? 0];
      colours[step * 3 + part] = from + (to - from) * (at - Math.floor(at));
    }
  }
  return colours;
}

/** The pixels (RGBA) of some rows and of the windows `from` to `to`, row by row. What is not selected is see-through. */
export function cellPixels(
  rows: readonly DomainRow[],
  { from, to }: { from: number; to: number },
  measure: HeatMeasure,
  scale: HeatScale,
  colours: Uint8ClampedArray,
  highlight: Highlight,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(rows.length * (to - from) * 4);
  const span = scale.high - scale.low || 1;
  let at = 0;
  for (const row of rows) {
    const values = cellValues(row, measure);
    for (let window = from; window < to; window += 1) {
      const place = (scale.of(values[window] ?? 0) - scale.low) / span;
      const step = Math.round(Math.max(0, Math.min(1, place)) * (STEPS - 1)) * 3;
      pixels[at] = colours[step] ?? 0;
      pixels[at + 1] = colours[step + 1] ?? 0;
      pixels[at + 2] = colours[step + 2] ?? 0;
      pixels[at + 3] = 255 * (isCellLit(highlight, row.name, window) ? 1 : FADED);
      at += 4;
    }
  }
  return pixels;
}
