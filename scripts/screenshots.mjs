// `npm run screenshots`: pictures of every view of the built page. Arguments: see tests/screenshots/run.mjs.
import { screenshots } from '../tests/screenshots/run.mjs';
import { main } from './run.mjs';

await main(screenshots);
