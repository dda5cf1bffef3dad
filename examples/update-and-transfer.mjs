// Going on with new events, and taking what was learned to another log.
import { create } from 'driftscope';

const window = { length: 'week', timeZone: 'UTC' };
const shop = await create();
await shop.load(new URL('events.csv', import.meta.url));
await shop.train({ window, models: ['dnn'], seed: 1, engine: 'cpu' });

// Two more weeks, in which everyone turns to tea. The log and the models go on, in a few steps and not from the start.
const events = [];
for (let day = 70; day < 85; day += 1)
  for (let user = 0; user < 20; user += 1)
    events.push({
      user: `u${String(user).padStart(2, '0')}`,
      item: 'tea-1',
      category: 'tea',
      time: 1704067200 + day * 86400,
    });
const update = await shop.update(events);
const { outcome, learning } = update.models.find(({ model }) => model === 'dnn');
console.log(
  `${update.events} new events, drift found: ${update.drift.found}; dnn ${outcome} in ${learning?.steps} steps`,
);

// Other people, over as many weeks, with the same domains met in the same order: the models come along as they are.
const bytes = await shop.saveModels();
const branch = await create();
const domains = ['tea', 'coffee', 'bread', 'books', 'music'];
const visits = [];
for (let week = 0; week < 13; week += 1)
  for (const [at, category] of domains.entries())
    visits.push({ user: `v${at}`, item: `${category}-1`, category, time: 1704067200 + week * 604800 });
await branch.load(visits);
const { models } = await branch.openModels(bytes);
const next = await branch.forecast({ kind: 'everyone' }, 'dnn');
console.log(`carried over: ${models.join(', ')}; next, for ${next.users} others: ${next.domains[0].name}`);

// Other domains: the base model forecasts what it never saw, without any training.
const elsewhere = await create();
await elsewhere.loadSample({ users: 100, days: 60, seed: 1 });
const base = await elsewhere.useBaseModel(window);
const forecast = await elsewhere.forecast({ kind: 'everyone' });
console.log(`without training (${base.best}): ${forecast.domains[0].name}`);
for (const api of [shop, branch, elsewhere]) api.dispose();
