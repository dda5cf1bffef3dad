// Trains on a log, compares with the baselines, forecasts and explains: node examples/forecast.mjs [log]
import { pathToFileURL } from 'node:url';
import { create } from 'driftscope';

const log = process.argv[2] ? pathToFileURL(process.argv[2]) : new URL('events.csv', import.meta.url);
const driftscope = await create();
const { rowsRead, rowsAccepted, summary } = await driftscope.load(log);
console.log(`${rowsAccepted} of ${rowsRead} rows, ${summary.users} users, ${summary.domains} domains`);

const window = { length: summary.suggestedWindow, timeZone: 'UTC' };
const train = { window, models: ['dnn'], seed: 1, engine: 'cpu' };
const onProgress = ({ point }) => point && process.stderr.write(`\rstep ${point.step}, loss ${point.loss.toFixed(3)} `);
const report = await driftscope.train(train, { onProgress });
for (const { model, test } of report.models) console.log(`${model.padEnd(16)} NDCG@10 ${test.ndcg10.toFixed(4)}`);
console.log(report.worthIt ? `${report.best} is better than every baseline` : 'no model beats the baselines here');

const percent = (share) => `${(100 * share).toFixed(0)} %`;
const [first, ...others] = (await driftscope.forecast({ kind: 'everyone' }, 'dnn')).domains;
console.log(`next: ${first.name} ${percent(first.share)}, then ${others.map(({ name }) => name).join(', ')}`);

const { rows } = await driftscope.users({ text: 'u07', offset: 0, limit: 1 });
const why = await driftscope.explain(rows[0].id, { model: 'dnn' });
console.log(`${rows[0].name}: ${why.name} ${percent(why.share)}, mostly because of ${why.events[0].name}`);
driftscope.dispose();
