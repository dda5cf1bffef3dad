/** The native side: the example `measure` of the crate, built for release. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { targetFolder } from '../../scripts/paths.mjs';
import { must } from '../../scripts/run.mjs';

/** Builds the example and resolves to a function that runs it and gives back what it prints. */
export async function nativeSide() {
  const target = targetFolder('native');
  const args = ['build', '--release', '--locked', '-p', 'driftscope', '--example', 'measure'];
  await must('building the native side', 'cargo', args, { env: { CARGO_TARGET_DIR: target }, quiet: true });
  const program = join(target, 'release', 'examples', 'measure');
  /** @param {string[]} asked */
  return (...asked) => {
    const { status, stdout, stderr } = spawnSync(program, asked, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`measure ${asked.join(' ')}: ${stderr}`);
    return JSON.parse(stdout);
  };
}
