/** Edits of bytes, as fast-check draws and shrinks them. */
import fc from 'fast-check';

/** Bytes that mean something in one format or another, and counts at the limits of their types. */
const MEANINGFUL = [
  '"',
  '\n',
  '\r\n',
  ',',
  '::',
  '\t',
  '{',
  '}',
  '[',
  ']',
  ':',
  '\\u0000',
  '\\ud800',
  '\0',
  '\ufeff',
  'null',
  '-',
  '1e999',
]
  .map((text) => new TextEncoder().encode(text))
  .concat([
    Uint8Array.of(0xff),
    Uint8Array.of(0xff, 0xfe),
    Uint8Array.of(0x1f, 0x8b),
    Uint8Array.of(0xff, 0xff, 0xff, 0xff),
    Uint8Array.of(0xff, 0xff, 0xff, 0x7f),
    Uint8Array.of(0, 0, 0, 0x80),
    new Uint8Array(8),
  ]);

/** Where an edit takes place, as a share of the length: so that it means the same however long the bytes are by then. */
const place = fc.integer({ min: 0, max: 2 ** 30 - 1 }).map((part) => part / 2 ** 30);

const edit = fc.oneof(
  fc.record({ kind: fc.constant('set'), place, byte: fc.nat(255) }),
  fc.record({ kind: fc.constant('flip'), place, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('overwrite'), place, bytes: fc.constantFrom(...MEANINGFUL) }),
  fc.record({ kind: fc.constant('insert'), place, bytes: fc.constantFrom(...MEANINGFUL) }),
  fc.record({ kind: fc.constant('remove'), place, length: fc.integer({ min: 1, max: 64 }) }),
  fc.record({
    kind: fc.constant('repeat'),
    place,
    length: fc.integer({ min: 1, max: 64 }),
    times: fc.integer({ min: 1, max: 8 }),
  }),
  fc.record({ kind: fc.constant('cut'), place }),
);

/** Up to eight edits. */
export const edits = fc.array(edit, { maxLength: 8 });

const joined = (...parts) => {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};

function applied(bytes, { kind, place, ...more }) {
  const at = Math.floor(place * bytes.length);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (kind) {
    case 'set':
      return joined(before, Uint8Array.of(more.byte), after.subarray(1));
    case 'flip':
      return joined(before, Uint8Array.of((after[0] ?? 0) ^ (1 << more.bit)), after.subarray(1));
    case 'overwrite':
      return joined(before, more.bytes, after.subarray(more.bytes.length));
    case 'insert':
      return joined(before, more.bytes, after);
    case 'remove':
      return joined(before, after.subarray(more.length));
    case 'repeat':
      return joined(before, ...Array.from({ length: more.times }, () => after.subarray(0, more.length)), after);
    default:
      return before;
  }
}

/** `bytes` after the edits. */
export const edited = (bytes, list) => list.reduce(applied, bytes);
