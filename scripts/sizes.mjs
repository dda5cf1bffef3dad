// Sizes of a file as it is, and as hosts send it.
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const UNITS = [
  { bytes: 1e6, name: 'MB', digits: 2 },
  { bytes: 1e3, name: 'kB', digits: 1 },
];

/** Sizes in bytes: `raw`, `gzip`, `brotli`. */
export function sizesOf(bytes) {
  // Brotli at its highest quality takes half a minute on the large engine for 3 % less; hosts rarely use it either.
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return {
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, { params }).length,
  };
}

/** Sizes as text. */
export function textOf(sizes) {
  const size = (bytes) => {
    const unit = UNITS.find((candidate) => bytes >= candidate.bytes) ?? UNITS[1];
    return `${(bytes / unit.bytes).toFixed(unit.digits)} ${unit.name}`;
  };
  return Object.entries(sizes)
    .map(([name, bytes]) => `${name} ${size(bytes)}`)
    .join(', ');
}
