/** From the first step to the quality report. */
import type { UserPage } from './page';

/** How the page ended up with a file. */
export type Outcome =
  /** It says that this cannot be read. */
  | { kind: 'failure'; code: string; text: string }
  /** It asks for a change before it reads. */
  | { kind: 'question'; text: string }
  /** It read the file, and reports on it. */
  | { kind: 'report'; read: number; accepted: number; rejected: number; touched: Record<string, number>; text: string };

/** Drops files on the page and goes on, by what the page found out itself, as far as it goes. */
export async function readFiles(user: UserPage, paths: string[]): Promise<Outcome> {
  const { page } = user;
  const failure = user.at('failure').first();
  await user.at('file-input').setInputFiles(paths);
  await page.locator('main[data-step=columns]').or(failure).first().waitFor({ timeout: 20_000 });
  if (!(await failure.isVisible())) {
    const button = user.at('read-log');
    await page.locator('[aria-busy=true]').waitFor({ state: 'detached' });
    if (await button.isDisabled()) return { kind: 'question', text: await page.locator('main').innerText() };
    await button.click();
    await page.locator('main[data-step=quality]').or(failure).first().waitFor({ timeout: 60_000 });
  }
  if (await failure.isVisible()) {
    const code = (await failure.getAttribute('data-code')) ?? '';
    return { kind: 'failure', code, text: await failure.innerText() };
  }
  const [read, accepted, rejected] = [
    await user.integer('rows-read'),
    await user.integer('rows-accepted'),
    await user.integer('rows-rejected'),
  ];
  return {
    kind: 'report',
    read,
    accepted,
    rejected,
    touched: await user.touchedByRule(),
    text: await page.locator('main').innerText(),
  };
}

/** Back to the first step. */
export async function toStart(user: UserPage): Promise<void> {
  const dismiss = user.at('failure').locator('button').last();
  if (await dismiss.isVisible()) await dismiss.click();
  await user.click('step-start');
  await user.reached('start');
}
