// `npm run licenses`: writes web/licenses.md, the licences of everything of others in the engines and workers: Rust crates by
// `cargo about` (`cargo install cargo-about --features cli`), npm packages by what esbuild bundles. The page adds its own.
// A test says when the list is no longer that of Cargo.lock and package-lock.json.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './paths.mjs';
import { Failure, main } from './run.mjs';

const FILE = join(ROOT, 'web', 'licenses.md');
const TARGET = 'wasm32-unknown-unknown';

const HEAD = `# Licences of others' work in Driftscope

Driftscope is MIT or Apache-2.0. Its engines (\`dist/*/driftscope_web_bg.wasm\`) hold the Rust crates below, its workers
(\`dist/reader.js\`, \`dist/*/worker.js\`) the npm packages at the end. \`npm run licenses\` writes this file.

`;

const cargo = (...args) => execFileSync('cargo', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 });

/** `name version` of every crate of others that one of the engines is built from, in order. */
export function crates() {
  const found = new Set();
  for (const engine of ['cpu', 'webgpu']) {
    const features = ['--no-default-features', '--features', engine];
    const tree = ['tree', '--locked', '-p', 'driftscope-web', '--target', TARGET, '-e', 'normal,no-proc-macro'];
    for (const line of cargo(...tree, '--prefix', 'none', ...features).split('\n')) {
      const [, name, version] = /^(\S+) v(\S+)/.exec(line) ?? [];
      if (name && !name.startsWith('driftscope')) found.add(`${name} ${version}`);
    }
  }
  return [...found].sort();
}

/** Folders of the npm packages that the workers bundle, in order. */
async function bundled() {
  // Only there once the set-up has run.
  const { build } = await import('esbuild');
  const { metafile } = await build({
    entryPoints: ['web/src/reader/main.ts', 'web/src/worker/main.ts'].map((path) => join(ROOT, path)),
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    outdir: 'unused',
    external: ['#engine'],
    metafile: true,
  });
  const folders = Object.keys(metafile.inputs).flatMap((path) => {
    const [folder] = /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path) ?? [];
    return folder ? [join(ROOT, folder)] : [];
  });
  return [...new Set(folders)].sort();
}

const packageOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** `name version` of every npm package that the workers bundle, in order. */
export const packages = async () =>
  (await bundled()).map((folder) => {
    const { name, version } = packageOf(folder);
    return `${name} ${version}`;
  });

/** What a file of licences lists, in order. */
export const listed = (text) => [...new Set([...text.matchAll(/^- (\S+ \d\S*)$/gm)].map(([, entry]) => entry))].sort();

/** The file as it stands. */
export const written = () => readFileSync(FILE, 'utf8');

function licenceOf(folder) {
  const { name, version, license } = packageOf(folder);
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  if (!file) throw new Failure(`${name} has no file with its licence in ${dirname(folder)}`);
  return `## ${license}\n\n- ${name} ${version}\n\n\`\`\`\`text\n${readFileSync(join(folder, file), 'utf8').trim()}\n\`\`\`\`\n`;
}

async function write() {
  // Offline, since `cargo about` would ask another server for each crate; so their sources must be here.
  cargo('fetch', '--locked');
  const manifest = ['--manifest-path', join('web', 'Cargo.toml'), '--all-features', '--offline'];
  const rust = cargo('about', 'generate', ...manifest, '--config', 'about.toml', 'about.hbs');
  const npm = (await bundled()).map(licenceOf);
  writeFileSync(FILE, `${HEAD}${rust.trim()}\n\n${npm.join('\n')}`);
}

if (process.argv[1] === import.meta.filename) await main(write);
