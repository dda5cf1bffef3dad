/** A short run of every target; `npm run fuzz` is the long one. */
import { beforeAll, describe, expect, it } from 'vitest';
import { fuzz, prepare } from './run.mjs';

const NAMES = [
  'text',
  'json-lines',
  'gzip',
  'project',
  'models',
  'model-documents',
  'models-next-item',
  'model-documents-next-item',
  'checkpoint',
  'arguments',
  'zip',
  'project-files',
  'project-headers',
  'project-contents',
  'project-packed',
  'messages-to-worker',
  'messages-to-page',
] as const;
/** By design: what is left of a checkpoint is only ever whole, and it then asks for a log. */
const NEVER_ACCEPTED = ['checkpoint'];

describe('mutated inputs', () => {
  let prepared: Awaited<ReturnType<typeof prepare>>;
  beforeAll(async () => {
    prepared = await prepare();
  });

  it('reach everything that there is', () => {
    expect(Object.keys(prepared.all)).toEqual(NAMES);
  });

  it.each(NAMES)('are read or refused: %s', async (name) => {
    const target = prepared.all[name];
    const found = await fuzz(target, { inputs: 1_000, seed: 1, panics: prepared.panics });
    expect(found.failure).toBeNull();
    expect(found.accepted > 0).toBe(!NEVER_ACCEPTED.includes(name));
  });
});
