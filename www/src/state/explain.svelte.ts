/** Why: what a user's forecast, or a recommendation, rests on. */
import type { ErrorShape, Explanation, ItemExplanation } from 'driftscope';
import { toFailure } from './failure';
import { session } from './session.svelte';
import { Task } from './task.svelte';
import { forecasts } from './training.svelte';

class Why {
  /** Id of the domain to explain; null: the first of the forecast. */
  domain = $state<number | null>(null);
  explanation = $state.raw<Explanation | null>(null);
  readonly task = new Task();

  /** Whether the explanation is that of the forecast that is shown. */
  readonly fits: boolean = $derived(
    this.explanation !== null &&
      this.explanation.user === forecasts.user?.id &&
      this.explanation.model === forecasts.forecast?.model &&
      this.explanation.domain === (this.domain ?? forecasts.forecast?.domains[0]?.id),
  );

  async ask(): Promise<void> {
    const { user, forecast } = forecasts;
    if (!user || !forecast) return;
    const { model } = forecast;
    const domain = this.domain ?? forecast.domains[0]?.id;
    const found = await this.task.run((call) =>
      session.api.explain(user.id, { model, ...(domain === undefined ? {} : { domain }), ...call }),
    );
    if (found) this.explanation = found;
  }
}

export const why = new Why();

class WhyItem {
  /** Name of the item that is being explained. */
  asked = $state<string | null>(null);
  explanation = $state.raw<ItemExplanation | null>(null);
  failure = $state.raw<ErrorShape | null>(null);
  #question = 0;

  async ask(user: number, item: string): Promise<void> {
    const question = ++this.#question;
    this.asked = item;
    this.explanation = null;
    this.failure = null;
    try {
      const found = await session.api.explainItem(user, item);
      if (question === this.#question) this.explanation = found;
    } catch (error) {
      if (question === this.#question) this.failure = toFailure(error);
    }
  }

  close(): void {
    this.#question += 1;
    this.asked = null;
    this.explanation = null;
    this.failure = null;
  }
}

export const whyItem = new WhyItem();
