/** What is published of the log, in which form, and what that has cost. */
import type { AnonymousEvolution, ErrorShape, PrivacyAccount, PrivateEvolution } from 'driftscope';
import { explore } from './explore.svelte';
import { toFailure } from './failure';
import { nextItemModels } from './next-items.svelte';
import { session } from './session.svelte';
import { THRESHOLDS } from './thresholds';
import { training } from './training.svelte';

export type PublishMethod = 'anonymous' | 'noise' | 'pseudonyms';

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const fromHex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** Whether `text` is a key of pseudonyms, or nothing. */
export const isKey = (text: string): boolean => /^([0-9a-f]{64})?$/i.test(text.trim());

class Publishing {
  method = $state<PublishMethod>('anonymous');
  k = $state<number>(THRESHOLDS.peoplePerCell);
  totals = $state(true);
  budget = $state<number>(THRESHOLDS.privacyBudget);
  epsilon = $state(1);
  delta = $state(1e-6);
  cells = $state(20);
  secret = $state(true);
  account = $state.raw<PrivacyAccount | null>(null);
  busy = $state(false);
  failure = $state.raw<ErrorShape | null>(null);

  /** Asks for the account, which belongs to the log. */
  async open(): Promise<void> {
    this.failure = null;
    await this.#run(async () => {
      this.account = await session.api.privacyAccount();
      if (this.account) ({ epsilon: this.budget, delta: this.delta } = this.account.budget);
    });
  }

  anonymous(): Promise<AnonymousEvolution | null> {
    const totals = { rows: this.totals, columns: this.totals };
    return this.#run(() => session.api.anonymousEvolution(explore.scope, explore.options, this.k, totals));
  }

  noisy(): Promise<PrivateEvolution | null> {
    const { epsilon, cells, secret } = this;
    return this.#run(async () => {
      if (!this.account?.releases) await session.api.setPrivacyBudget({ epsilon: this.budget, delta: this.delta });
      // A release that took all of δ would be the last one.
      const delta = this.delta / THRESHOLDS.releasesPerDelta;
      const release = { loss: { epsilon, delta }, cellsPerUser: cells, secretDomains: secret };
      // Who belongs to a segment says something about its users: noise can promise nothing for a part that was chosen by them.
      const released = await session.api.privateEvolution({ kind: 'everyone' }, explore.options, release);
      this.account = await session.api.privacyAccount();
      return released;
    });
  }

  /** Replaces names; gives the key as hexadecimal digits. */
  pseudonymise(key: string): Promise<string | null> {
    return this.#run(async () => {
      const used = await session.api.pseudonymise(key.trim() === '' ? undefined : fromHex(key.trim()));
      session.renamed();
      explore.follow();
      training.carriedOn();
      nextItemModels.carriedOn();
      return hex(used);
    });
  }

  async #run<T>(task: () => Promise<T>): Promise<T | null> {
    this.busy = true;
    this.failure = null;
    try {
      return await task();
    } catch (error) {
      this.failure = toFailure(error);
      return null;
    } finally {
      this.busy = false;
    }
  }
}

export const publishing = new Publishing();
