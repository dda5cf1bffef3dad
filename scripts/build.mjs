// `npm run build`: the engines and the package into web/dist, the page into www/dist.
// `npm run build -- --engine cpu` leaves the other engine out, for quick rounds.
import { assemble } from './assemble.mjs';
import { ENGINES } from './engines.mjs';
import { Failure, main } from './run.mjs';

function enginesAsked(args) {
  const at = args.indexOf('--engine');
  if (at < 0) return Object.keys(ENGINES);
  const engine = args[at + 1];
  if (!Object.hasOwn(ENGINES, engine)) throw new Failure(`--engine takes ${Object.keys(ENGINES).join(' or ')}`);
  return [engine];
}

await main((args) => assemble(enginesAsked(args)));
