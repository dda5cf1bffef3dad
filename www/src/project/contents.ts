/** What a project holds, as one array of bytes: a JSON text and the engine's bytes behind it, compressed. Pure. */
import { ProjectProblem } from './problem';

/** Bytes that are compressed before the page may answer again. */
const PORTION = 1 << 18;

/** The bytes in portions, each in a task of its own: browsers compress on the thread that asks. */
function inPortions(bytes: Uint8Array<ArrayBuffer>): ReadableStream<BufferSource> {
  let at = 0;
  return new ReadableStream<BufferSource>({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve));
      if (at < bytes.length) controller.enqueue(bytes.subarray(at, at + PORTION));
      else controller.close();
      at += PORTION;
    },
  });
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  filter: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(inPortions(bytes).pipeThrough(filter)).arrayBuffer());
}

/** Numbers that JSON has no way to write, such as a mean over nothing. */
const plain = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? { notFinite: String(value) } : value;
const revived = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'notFinite' in value ? Number(value.notFinite) : value;

/** Packs `state`, which JSON can hold, and `bytes`. */
export async function pack(state: unknown, bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const text = new TextEncoder().encode(JSON.stringify(state, plain));
  const whole = new Uint8Array(4 + text.length + bytes.length);
  new DataView(whole.buffer).setUint32(0, text.length, true);
  whole.set(text, 4);
  whole.set(bytes, 4 + text.length);
  return through(whole, new CompressionStream('gzip'));
}

/** The way back. What was unsealed is what was packed; yet a later version may have packed it differently. */
export async function unpack<T>(
  packed: Uint8Array<ArrayBuffer>,
): Promise<{ state: T; bytes: Uint8Array<ArrayBuffer> }> {
  try {
    const whole = await through(packed, new DecompressionStream('gzip'));
    const length = new DataView(whole.buffer).getUint32(0, true);
    const state = JSON.parse(new TextDecoder().decode(whole.subarray(4, 4 + length)), revived) as T;
    return { state, bytes: whole.slice(4 + length) };
  } catch {
    throw new ProjectProblem('damaged');
  }
}
