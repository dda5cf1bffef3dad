// `npm start`: sets up and builds what is missing, then serves the page on this machine. The WebGPU engine takes a quarter of
// an hour to compile the first time, so it is left out until `npm run build` or `npm test` has compiled it once.
import { join } from 'node:path';
import { assemble } from './assemble.mjs';
import { ENGINES, isWarm } from './engines.mjs';
import { ROOT } from './paths.mjs';
import { Failure, main } from './run.mjs';
import { serve } from './server.mjs';

await main(async () => {
  const port = Number(process.env.PORT ?? 4173);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Failure('PORT must be a number from 0 to 65535');
  const engines = Object.keys(ENGINES).filter((engine) => engine === 'cpu' || isWarm(engine));
  await assemble(engines);
  const { address } = await serve(join(ROOT, 'www', 'dist'), { port }).catch((error) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Failure(`port ${port} is taken: set PORT to another, for example PORT=${port + 1} npm start`);
  });
  if (!engines.includes('webgpu')) {
    console.log(
      '\nTraining runs on the CPU engine; `npm run build` adds the WebGPU engine (about a quarter of an hour, once).',
    );
  }
  console.log(`\nDriftscope is at ${address} (Ctrl+C ends it)`);
});
