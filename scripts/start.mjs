// `npm start`: sets up and builds what is missing, then serves the page on this machine.
import { join } from 'node:path';
import { assemble } from './assemble.mjs';
import { ENGINES } from './engines.mjs';
import { ROOT } from './paths.mjs';
import { Failure, main } from './run.mjs';
import { serve } from './server.mjs';

await main(async () => {
  const port = Number(process.env.PORT ?? 4173);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Failure('PORT must be a number from 0 to 65535');
  await assemble(Object.keys(ENGINES));
  const { address } = await serve(join(ROOT, 'www', 'dist'), { port }).catch((error) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Failure(`port ${port} is taken: set PORT to another, for example PORT=${port + 1} npm start`);
  });
  console.log(`\nDriftscope is at ${address} (Ctrl+C ends it)`);
});
