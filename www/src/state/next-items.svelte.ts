/** Models of the next item: a comparison of their own, and what may come next for one user. */
import type { ErrorShape, ModelName, NextItemReport, NextItems, UserRow } from 'driftscope';
import { toFailure } from './failure';
import { session } from './session.svelte';
import { Task } from './task.svelte';
import { THRESHOLDS } from './thresholds';
import { training } from './training.svelte';

/** The models that a person can choose; popularity and transitions always run beside them. */
export const NEXT_ITEM_MODELS = [
  'cf-item',
  'cf-user-cosine',
  'cf-user-pearson',
  'cf-closed',
  'dnn',
  'gnn',
  'dnn+gnn',
  'sequence',
  'blend',
] as const satisfies readonly ModelName[];

class NextItemModels {
  models = $state<ModelName[]>(['cf-item']);
  user = $state.raw<UserRow | null>(null);
  report = $state.raw<NextItemReport | null>(null);
  next = $state.raw<NextItems | null>(null);
  failure = $state.raw<ErrorShape | null>(null);
  readonly task = new Task();
  #logVersion = -1;
  #question = 0;

  /** Forgets the results of another log. */
  follow(): void {
    if (this.#logVersion === session.logVersion) return;
    this.#logVersion = session.logVersion;
    this.report = null;
    this.user = null;
    this.next = null;
    this.failure = null;
    this.task.clear();
  }

  /** Takes over what a project kept. */
  reopened(kept: { models?: ModelName[]; report?: NextItemReport | null }): void {
    this.follow();
    this.models = kept.models ?? this.models;
    this.report = kept.report ?? null;
  }

  /** The log is the same under other names of users: what was learned still holds. */
  carriedOn(): void {
    this.#logVersion = session.logVersion;
  }

  choose(model: ModelName, on: boolean): void {
    this.models = NEXT_ITEM_MODELS.filter((known) => (known === model ? on : this.models.includes(known)));
  }

  async train(): Promise<void> {
    session.locked = true;
    const options = {
      models: $state.snapshot(this.models),
      seed: training.seed,
      engine: training.engine === 'webgpu' ? ('webgpu' as const) : ('cpu' as const),
    };
    const report = await this.task.run((call) => session.api.trainNextItems(options, call));
    session.locked = false;
    if (!report) return;
    this.report = report;
    session.onChange();
    await this.ask();
  }

  async ask(): Promise<void> {
    const question = ++this.#question;
    this.failure = null;
    if (!this.user || !this.report) {
      this.next = null;
      return;
    }
    try {
      const next = await session.api.nextItems(this.user.id, THRESHOLDS.nextItems);
      if (question === this.#question) this.next = next;
    } catch (error) {
      if (question === this.#question) this.failure = toFailure(error);
    }
  }
}

export const nextItemModels = new NextItemModels();
