/** Model files by docs/MODEL_FORMAT.md, so that mutations get past the checksum. */
import { crc32 } from 'node:zlib';

const DOCUMENT = 'driftscope';
const CHECKSUM = 'checksum';

/**
 * The file with the checksum that belongs to what it holds; unchanged where it is no safetensors file any more.
 *
 * @param {Uint8Array} bytes
 */
export function withChecksum(bytes) {
  try {
    const { start, header } = head(bytes);
    const { __metadata__: metadata, ...tensors } = header;
    let sum = crc32(metadata[DOCUMENT]);
    for (const name of Object.keys(tensors)
      .filter((name) => name !== CHECKSUM)
      .sort()) {
      const { dtype, shape, data_offsets: offsets } = tensors[name];
      sum = crc32(`\n${name} ${dtype} [${shape.join(', ')}]\n`, sum);
      sum = crc32(bytes.subarray(start + offsets[0], start + offsets[1]), sum);
    }
    const out = bytes.slice();
    new DataView(out.buffer).setUint32(start + tensors[CHECKSUM].data_offsets[0], sum, true);
    return out;
  } catch {
    return bytes;
  }
}

/** Length of the header with its own eight bytes, and the header. */
function head(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 8 + Number(view.getBigUint64(0, true));
  return { start, header: JSON.parse(new TextDecoder().decode(bytes.subarray(8, start))) };
}

/** The document of a file, as bytes. */
export const documentOf = (bytes) => new TextEncoder().encode(head(bytes).header.__metadata__[DOCUMENT]);

/** The file with another document and the checksum that belongs to it. */
export function withDocument(bytes, document) {
  const { start, header } = head(bytes);
  header.__metadata__[DOCUMENT] = new TextDecoder().decode(document);
  let text = JSON.stringify(header);
  text += ' '.repeat(7 - ((Buffer.byteLength(text) + 7) % 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(text)));
  return withChecksum(new Uint8Array(Buffer.concat([length, Buffer.from(text), bytes.subarray(start)])));
}
