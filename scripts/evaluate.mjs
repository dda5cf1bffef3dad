// `npm run evaluate -- …`: trains natively by a protocol and writes the prediction file. Arguments: see `evaluate --help`.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, targetFolder } from './paths.mjs';

const manifest = join(ROOT, 'Cargo.toml');
const program = [
  'run',
  '-q',
  '--release',
  '--locked',
  '--manifest-path',
  manifest,
  '-p',
  'driftscope',
  '--bin',
  'evaluate',
  '--',
];
// In the folder from which npm was called, so that relative paths mean what the person means.
const { status } = spawnSync('cargo', [...program, ...process.argv.slice(2)], {
  cwd: process.env.INIT_CWD ?? process.cwd(),
  env: { ...process.env, CARGO_TARGET_DIR: targetFolder('native') },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
