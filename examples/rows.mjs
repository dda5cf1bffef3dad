// Rows as they come from a database, and columns as a data frame has them; neither is written to a file first.
import { create } from 'driftscope';

/** Stands for a cursor of a database: any async iterable of objects will do. */
async function* cursor() {
  const start = Date.UTC(2024, 0, 1);
  for (let day = 0; day < 28; day += 1)
    for (const name of ['ann', 'bob', 'eve'])
      yield {
        customer: name,
        product: `p${day % 5}`,
        category: day < 14 ? 'tea' : 'coffee',
        at: new Date(start + day * 864e5),
      };
}

const driftscope = await create();
// The names are the application's own, so that it says what they are; `inspect` finds out the rest from some of the rows.
const some = [];
for await (const row of cursor()) if (some.push(row) === 20) break;
const roles = { customer: 'user', product: 'item', category: 'domain', at: 'time' };
const columns = Object.entries(roles).map(([name, role]) => ({ name, role }));
const [{ plan }] = await driftscope.inspect({ name: 'orders', data: some }, { changed: [{ columns }] });
const { rowsAccepted, summary } = await driftscope.load({ name: 'orders', data: cursor() }, { plans: [plan] });
console.log(`${rowsAccepted} rows of ${summary.users} customers`);

const { rowsAccepted: rows } = await driftscope.load({
  user: { indices: new Int8Array([0, 0, 1]), dictionary: ['ann', 'bob'] },
  item: ['oolong', 'assam', 'arabica'],
  domain: ['tea', 'tea', 'coffee'],
  time: new BigInt64Array([1704067200000n, 1704153600000n, 1704672000000n]), // milliseconds, as Arrow and pandas have them
});
console.log(`${rows} rows of columns`);
driftscope.dispose();
