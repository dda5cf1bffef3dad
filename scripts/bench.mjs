// `npm run bench`: builds what is missing, then times it. Arguments: see tests/bench/run.mjs.
import { bench } from '../tests/bench/run.mjs';
import { main } from './run.mjs';

await main(bench);
