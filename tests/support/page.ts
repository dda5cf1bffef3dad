/** The page as a person uses it: what the end-to-end tests click, wait for and read. */
import type { Browser, BrowserContext, BrowserContextOptions, Download, Locator, Page } from 'playwright-core';

export type Step = 'start' | 'columns' | 'quality' | 'interest' | 'training' | 'forecast';
export type Chart =
  'evolution' | 'transfer' | 'drift' | 'activity' | 'curve' | 'forecast' | 'timeline' | 'evidence' | 'segments';

/** A table as it is read on the page: the head's cells, and the rows' cells. */
export interface Table {
  head: string[];
  rows: string[][];
}

export class UserPage {
  /** Whatever the console called an error, and errors that nobody caught. */
  readonly errors: string[] = [];
  /** How often something was clicked since the page was opened. */
  clicks = 0;

  private constructor(
    readonly page: Page,
    readonly context: BrowserContext,
  ) {
    page.on('pageerror', (error) => this.errors.push(error.stack ?? error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
  }

  /** Opens the page at `address` in a fresh profile and waits until its engine is ready. */
  static async open(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<UserPage> {
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1440, height: 900 }, ...options });
    context.setDefaultTimeout(15_000);
    const opened = new UserPage(await context.newPage(), context);
    await opened.page.goto(address);
    await opened.page.locator('main[data-engine=ready]').waitFor();
    return opened;
  }

  /** What was downloaded, as text. */
  static async textOf(download: Download): Promise<string> {
    const parts: Buffer[] = [];
    for await (const part of await download.createReadStream()) parts.push(Buffer.from(part as Uint8Array));
    return Buffer.concat(parts).toString('utf8');
  }

  close(): Promise<void> {
    return this.context.close();
  }

  at(testid: string): Locator {
    return this.page.locator(`[data-testid="${testid}"]`);
  }

  async click(testid: string): Promise<void> {
    this.clicks += 1;
    await this.at(testid).click();
  }

  /** Clicks the radio button of a group that stands for `value`. */
  async choose(group: string, value: string): Promise<void> {
    this.clicks += 1;
    await this.at(group)
      .locator('label', { has: this.page.locator(`input[value="${value}"]`) })
      .click();
  }

  /** Clicks a switch. */
  async toggle(testid: string): Promise<void> {
    this.clicks += 1;
    await this.page.locator('label', { has: this.at(testid) }).click();
  }

  /** Waits until the step is open; a failure that the page shows meanwhile ends the wait with its words. */
  async reached(step: Step, timeout = 60_000): Promise<void> {
    const there = this.page.locator(`main[data-step=${step}]`);
    const failure = this.at('failure').first();
    await there.or(failure).first().waitFor({ timeout });
    if (!(await there.isVisible())) throw new Error(`the page says: ${await failure.innerText()}`);
  }

  /** Waits until a chart shows its answer. */
  async settled(chart: Chart): Promise<void> {
    await this.page.locator(`[data-testid="${chart}"][aria-busy=false]`).waitFor();
  }

  /** How many different colours a chart's drawing has: few where it is blank. */
  async coloursOf(chart: Chart): Promise<number> {
    return this.at(chart)
      .locator('canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => {
        const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
        return new Set(pixels ? new Uint32Array(pixels.buffer) : []).size;
      });
  }

  /** A chart's numbers as its table shows them. */
  async tableOf(chart: Chart): Promise<Table> {
    await this.settled(chart);
    await this.choose(`${chart}-view`, 'table');
    return readTable(this.at(`${chart}-table`));
  }

  /** Saves a chart or table by its menu. */
  async export(name: string, kind: 'png' | 'svg' | 'csv' | 'excel' | 'json'): Promise<Download> {
    await this.click(`${name}-export`);
    const [download] = await Promise.all([this.page.waitForEvent('download'), this.click(`${name}-${kind}`)]);
    return download;
  }

  /** A chart's numbers as its download holds them: unrounded. */
  async downloadOf(chart: Chart): Promise<Table> {
    await this.settled(chart);
    const text = await UserPage.textOf(await this.export(chart, 'csv'));
    const [head = [], ...rows] = text.trimEnd().split('\r\n').map(csvCells);
    return { head, rows };
  }

  /** How many rows each rule of the quality report touched. */
  touchedByRule(): Promise<Record<string, number>> {
    return this.page
      .locator('[data-touched]')
      .evaluateAll((rules) =>
        Object.fromEntries(
          rules.map((rule) => [
            (rule.getAttribute('data-testid') ?? '').replace('rule-', ''),
            Number(rule.getAttribute('data-touched')),
          ]),
        ),
      );
  }

  /** Searches for a user by the whole name and shows that user's interest. */
  async findUser(name: string): Promise<void> {
    await this.click('user-find');
    await this.at('user-search').fill(name);
    await this.at('user-list')
      .locator('button', { has: this.page.locator('.who', { hasText: new RegExp(`^${name}$`) }) })
      .click();
  }

  /** Trains with the present models on the CPU engine and waits for the comparison. */
  async train(epochs: number, timeout = 120_000): Promise<void> {
    await this.choose('train-engine', 'cpu');
    await this.at('train-epochs').fill(String(epochs));
    await this.at('train-epochs').blur();
    await this.click('train');
    const failure = this.at('failure').first();
    await this.at('comparison').or(failure).first().waitFor({ timeout });
    if (await failure.isVisible()) throw new Error(`the page says: ${await failure.innerText()}`);
  }

  /** A number of the comparison, unrounded. */
  async score(model: string, metric: string): Promise<number> {
    const cell = this.at(`model-row-${model}`).locator(`[data-metric=${metric}]`);
    return Number(await cell.getAttribute('data-value'));
  }

  /** A whole number as the page writes it. */
  async integer(testid: string): Promise<number> {
    return numberOf(await this.at(testid).innerText());
  }
}

/** A number as `en-GB` writes it: groups by commas, per cent as a share. */
export function numberOf(text: string): number {
  const digits = /-?[\d,]+(\.\d+)?/.exec(text.replaceAll('−', '-'))?.[0];
  if (digits === undefined) return NaN;
  const value = Number(digits.replaceAll(',', ''));
  return text.includes('%') ? value / 100 : value;
}

async function readTable(table: Locator): Promise<Table> {
  await table.waitFor();
  return table.evaluate((element) => {
    const cells = (row: Element): string[] => [...row.children].map((cell) => (cell.textContent ?? '').trim());
    const [head = [], ...rows] = [...element.querySelectorAll('tr')].map(cells);
    return { head, rows };
  });
}

/** The cells of one line of CSV (RFC 4180) without line breaks inside cells. */
export function csvCells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  );
}
