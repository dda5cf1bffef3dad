import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { filesBelow, hashesOf } from './release.mjs';

const folder = mkdtempSync(join(tmpdir(), 'driftscope-release-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('lists hashes that sha256sum agrees with, and not the list itself', () => {
  mkdirSync(join(folder, 'cpu'));
  writeFileSync(join(folder, 'b.txt'), 'two');
  writeFileSync(join(folder, 'cpu', 'a.wasm'), Uint8Array.of(0, 97, 115, 109));
  writeFileSync(join(folder, 'SHA256SUMS'), 'old');
  expect(filesBelow(folder)).toEqual(['SHA256SUMS', 'b.txt', 'cpu/a.wasm']);
  writeFileSync(join(folder, 'SHA256SUMS'), hashesOf(folder));
  const said = execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' });
  expect(said).toBe('b.txt: OK\ncpu/a.wasm: OK\n');
  writeFileSync(join(folder, 'b.txt'), 'three');
  expect(() => execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: folder, stdio: 'pipe' })).toThrow();
});
