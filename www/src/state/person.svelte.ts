/** What only one user's page shows: the events, the nearest users, the forecast, the recommendations. */
import type { ErrorShape, Forecast, NearUser, NextItems, UserEvents } from 'driftscope';
import { explore } from './explore.svelte';
import { toFailure } from './failure';
import { nextItemModels } from './next-items.svelte';
import { session } from './session.svelte';
import { THRESHOLDS } from './thresholds';
import { training } from './training.svelte';

/** An answer of the engine, of which only the latest counts. */
class Answer<T> {
  value = $state.raw<T | null>(null);
  busy = $state(false);
  failure = $state.raw<ErrorShape | null>(null);
  #question = 0;

  clear(): void {
    this.#question += 1;
    this.value = null;
    this.busy = false;
    this.failure = null;
  }

  async ask(call: () => Promise<T>): Promise<void> {
    const question = ++this.#question;
    this.busy = true;
    this.failure = null;
    try {
      const value = await call();
      if (question === this.#question) this.value = value;
    } catch (error) {
      if (question === this.#question) this.failure = toFailure(error);
    } finally {
      if (question === this.#question) this.busy = false;
    }
  }
}

class Person {
  readonly events = new Answer<UserEvents>();
  readonly near = new Answer<NearUser[]>();
  readonly forecast = new Answer<Forecast>();
  readonly items = new Answer<NextItems>();

  askEvents(): void {
    this.events.clear();
    const { user } = explore;
    if (user) void this.events.ask(() => session.api.userEvents(user.id));
  }

  askNear(): void {
    const { user, options } = explore;
    if (user) void this.near.ask(() => session.api.nearestUsers(user.id, options, THRESHOLDS.nearest));
    else this.near.clear();
  }

  /** The forecast, where a model is there. */
  askForecast(): void {
    const { user } = explore;
    if (user && training.ready) void this.forecast.ask(() => session.api.forecast({ kind: 'user', user: user.id }));
    else this.forecast.clear();
  }

  /** The recommendations, where models of the next item are there. */
  askItems(): void {
    const { user } = explore;
    if (user && nextItemModels.report) void this.items.ask(() => session.api.nextItems(user.id, THRESHOLDS.nextItems));
    else this.items.clear();
  }
}

export const person = new Person();
