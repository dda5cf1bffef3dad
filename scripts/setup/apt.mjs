// Installing packages of Debian (or a system made from it), where that is possible.
import { answer, Failure, run } from '../run.mjs';
import { say } from './say.mjs';

/** Those of the packages that are not installed. */
function missing(packages) {
  return packages.filter((name) => !answer('dpkg-query', ['-W', '-f', '${Status}', name])?.endsWith('ok installed'));
}

/** Installs what is missing of `packages`. Throws one line that says what to do where it cannot. */
export async function aptInstall(packages, why) {
  if (answer('apt-get', ['--version']) === null) {
    throw new Failure(
      `this system has no apt-get: install what corresponds to ${packages.join(', ')} by hand (${why})`,
    );
  }
  const wanted = missing(packages);
  if (wanted.length === 0) return;
  const command = ['apt-get', 'install', '-y', '--no-install-recommends', ...wanted];
  const prefix = process.getuid() === 0 ? [] : ['sudo', '-n'];
  if (prefix.length > 0 && answer('sudo', ['-n', 'true']) === null) {
    throw new Failure(`not root: run "sudo ${command.join(' ')}", then again (${why})`);
  }
  say(`installs Debian's ${wanted.join(', ')}`, why);
  const [program, ...args] = [...prefix, ...command];
  const quiet = { quiet: true, env: { DEBIAN_FRONTEND: 'noninteractive' } };
  if ((await run(program, args, quiet)).code === 0) return;
  const [updater, ...rest] = [...prefix, 'apt-get', 'update'];
  await run(updater, rest, quiet);
  const { code, output } = await run(program, args, quiet);
  if (code !== 0) throw new Failure(`"${command.join(' ')}" failed: ${output.trim().split('\n').pop()}`);
}
