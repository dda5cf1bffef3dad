import { beforeAll, describe, expect, it } from 'vitest';
import { newKey, readHeader, ROUNDS, seal, unlock, unseal, type ProjectKey } from './envelope';
import { ProjectProblem } from './problem';

const contents = Uint8Array.from({ length: 300 }, (_, index) => index % 251);
const about = { kind: 'project', name: '夏天 <b>', savedAt: 1_700_000_000_000 } as const;
let key: ProjectKey;
let bytes: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  key = await newKey('correct horse');
  bytes = await seal(about, contents, key);
});

/** The problem that a call ends with; its value where it has none. */
async function problemOf(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ProjectProblem) return error.code;
    throw error;
  }
}

describe('a sealed project', () => {
  it('is opened by its passphrase and gives back every byte', async () => {
    const opened = await unlock(bytes, 'correct horse');
    expect(await unseal(bytes, opened)).toEqual(contents);
    expect(await readHeader(bytes)).toMatchObject({ ...about, rounds: ROUNDS });
    expect(ROUNDS).toBeGreaterThanOrEqual(600_000);
  });

  it('says that a passphrase is wrong', async () => {
    expect(await problemOf(unlock(bytes, 'correct horse '))).toBe('passphrase');
    expect(await problemOf(unlock(bytes, ''))).toBe('passphrase');
  });

  it('takes the same characters for the same passphrase', async () => {
    const composed = await seal(about, contents, await newKey('caf\u00e9'));
    await unlock(composed, 'cafe\u0301');
  });

  it('is refused cleanly wherever it is cut off', async () => {
    for (let length = 0; length < bytes.length; length += 1) {
      const problem = await problemOf(unseal(bytes.slice(0, length), key));
      expect(problem, `after ${length} bytes`).toBe(length < 6 ? 'foreign' : 'damaged');
    }
  });

  it('is refused wherever a bit is changed, and where something follows', async () => {
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      const problem = await problemOf(unseal(changed, key));
      expect(['damaged', ...(at < 4 ? ['foreign'] : at < 6 ? ['later'] : [])], `byte ${at}`).toContain(problem);
    }
    expect(await problemOf(unseal(Uint8Array.from([...bytes, 0]), key))).toBe('damaged');
  });

  it('does not show what it holds, and never looks the same twice', async () => {
    const again = await seal(about, contents, key);
    expect(again.length).toBe(bytes.length);
    const [start] = [(await readHeader(bytes)).size];
    const alike = again.filter((byte, index) => index >= start && byte === bytes[index]).length;
    expect(alike).toBeLessThan(contents.length / 10);
  });

  it('tells other files and later versions', async () => {
    expect(await problemOf(readHeader(new TextEncoder().encode('user,item,time\n')))).toBe('foreign');
    const later = bytes.slice();
    later[4] = 2;
    expect(await problemOf(readHeader(later))).toBe('later');
  });
});
