/** The page answers while the engine trains on 1.19 million events. */
import { describe, expect, it } from 'vitest';
import { dataFiles } from '../support/data';
import { allowance, ANSWERS_WITHIN, longTasks, threadClock, watchLongTasks } from '../support/long-tasks';
import { openPage } from '../support/open';
import type { UserPage } from '../support/page';

const PARTS = [1, 2, 3, 4].map((quarter) => `transactions_q${quarter}.csv.gz`);
const files = dataFiles('complete_journey', [...PARTS, 'products.csv.gz']);

describe.skipIf(!files)('while Complete Journey is trained on', () => {
  let user: UserPage;
  openPage((opened) => {
    user = opened;
  });

  it('no task keeps the page from answering', { timeout: 600_000 }, async () => {
    await user.at('file-input').setInputFiles(files ?? []);
    await user.reached('columns');
    await user.click('read-log');
    await user.reached('quality', 240_000);
    await user.click('step-training');
    await user.reached('training');
    await user.choose('train-engine', 'cpu');
    await user.at('train-epochs').fill('1');
    await user.at('train-epochs').blur();
    await user.at('estimate').locator('dl').waitFor();
    await watchLongTasks(user.page);
    const used = await threadClock(user.page);
    await user.click('train');
    // What a person does meanwhile.
    const acts: Record<string, () => Promise<unknown>> = {
      dark: () => user.at('theme').selectOption('dark'),
      light: () => user.at('theme').selectOption('light'),
      seal: () => user.click('seal'),
      close: () => user.page.keyboard.press('Escape'),
      scroll: () => user.page.mouse.wheel(0, 300),
      wait: () => user.page.waitForTimeout(300),
    };
    const tasks: number[] = [];
    const costs: Record<string, number> = {};
    const end = user.at('comparison').or(user.at('failure')).first();
    let rounds = 0;
    for (; !(await end.isVisible()); rounds += 1) {
      for (const [name, act] of Object.entries(acts)) {
        const before = await used();
        await act();
        costs[name] = Math.max(costs[name] ?? 0, Math.round(((await used()) - before) * 1000));
      }
      tasks.push(...(await longTasks(user.page)));
    }
    expect(await user.at('failure').count()).toBe(0);
    tasks.sort((a, b) => b - a);
    const longest = Math.round(tasks[0] ?? 0);
    const busy = allowance() > ANSWERS_WITHIN;
    console.log(
      `${rounds} rounds; longest task ${longest} ms${busy ? ' on a busy machine' : ''}; processor ms by act`,
      costs,
    );
    expect(rounds).toBeGreaterThan(3);
    // No act, with all tasks in it, costs the page's thread more than that; where nothing else runs, no task takes longer.
    for (const [name, cost] of Object.entries(costs)) expect(cost, name).toBeLessThanOrEqual(ANSWERS_WITHIN);
    if (!busy) expect(longest).toBeLessThanOrEqual(ANSWERS_WITHIN);
  });
});
