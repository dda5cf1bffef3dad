/** The page as a person uses it in a browser that WebDriver drives; the like of `UserPage`. */
import { By, error, until, type WebDriver, type WebElement } from 'selenium-webdriver';
import type { Step } from './page';

const PATIENCE = 20_000;

export class DrivenPage {
  constructor(readonly driver: WebDriver) {}

  /** Opens the page and waits until its engine is ready; from then on errors are collected. */
  async open(address: string): Promise<void> {
    await this.driver.get(address);
    await this.shown('main[data-engine=ready]');
    await this.driver.executeScript(
      `window.errors = [];
       addEventListener('error', (event) => window.errors.push(event.message));
       addEventListener('unhandledrejection', (event) => window.errors.push(String(event.reason)));`,
    );
  }

  /** Errors that nobody caught since the page was opened. */
  errors(): Promise<string[]> {
    return this.driver.executeScript('return window.errors');
  }

  /** Waits for an element. */
  async shown(css: string, patience = PATIENCE): Promise<WebElement> {
    return this.driver.wait(until.elementLocated(By.css(css)), patience, `nothing matches ${css}`);
  }

  at(testid: string, patience?: number): Promise<WebElement> {
    return this.shown(`[data-testid="${testid}"]`, patience);
  }

  async click(testid: string): Promise<void> {
    await this.press(() => this.at(testid));
  }

  /** Clicks the radio button of a group that stands for `value`. */
  async choose(group: string, value: string): Promise<void> {
    await this.press(async () => {
      const input = await this.shown(`[data-testid="${group}"] input[value="${value}"]`);
      return input.findElement(By.xpath('ancestor::label'));
    });
  }

  /** Clicks an element as soon as it can be: while the page draws it may move, be covered or be replaced. */
  private async press(find: () => Promise<WebElement>): Promise<void> {
    const passing = [
      error.ElementNotInteractableError,
      error.ElementClickInterceptedError,
      error.StaleElementReferenceError,
    ];
    const pressed = async (): Promise<boolean> => {
      try {
        const element = await find();
        if (!(await element.isEnabled())) return false;
        // WebKit's driver does not scroll to all elements by itself.
        await this.driver.executeScript(`arguments[0].scrollIntoView({ block: 'center' })`, element);
        await element.click();
        return true;
      } catch (thrown) {
        if (!passing.some((kind) => thrown instanceof kind)) throw thrown;
        return false;
      }
    };
    await this.driver.wait(pressed, PATIENCE, 'the element cannot be clicked');
  }

  /** Writes into a field, in place of what stands there, and leaves it. */
  async fill(testid: string, text: string): Promise<void> {
    const field = await this.at(testid);
    await field.clear();
    await field.sendKeys(text, '\t');
  }

  /** Waits until the step is open; a failure that the page shows meanwhile ends the wait with its words. */
  async reached(step: Step): Promise<void> {
    await this.either(`main[data-step=${step}]`);
  }

  /** Trains with the present models on the CPU engine and waits for the comparison. */
  async train(epochs: number): Promise<void> {
    await this.choose('train-engine', 'cpu');
    await this.fill('train-epochs', String(epochs));
    await this.click('train');
    await this.either('[data-testid=comparison]', 280_000);
  }

  private async either(css: string, patience = PATIENCE): Promise<void> {
    const failure = '[data-testid=failure]';
    const found = await this.shown(`${css}, ${failure}`, patience).catch(async (late: Error) => {
      const text = await this.driver.findElement(By.css('main')).getText();
      throw new Error(`${late.message}; the page shows: ${text}`);
    });
    if ((await found.getAttribute('data-testid')) === 'failure')
      throw new Error(`the page says: ${await found.getText()}`);
  }

  /** How many different colours a chart's drawing has: few where it is blank. */
  coloursOf(chart: string): Promise<number> {
    return this.driver.executeScript(
      `const canvas = document.querySelector('[data-testid="${chart}"] canvas');
       const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
       return new Set(pixels ? new Uint32Array(pixels.buffer) : []).size;`,
    );
  }

  /** The cells of a table, row by row. */
  async cells(testid: string): Promise<string[][]> {
    await this.at(testid);
    return this.driver.executeScript(
      `return [...document.querySelectorAll('[data-testid="${testid}"] tr')].map((row) =>
         [...row.children].map((cell) => cell.textContent.trim()));`,
    );
  }
}
