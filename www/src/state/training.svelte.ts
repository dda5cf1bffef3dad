/** A training run: its settings, estimate, live curve and report; and the forecast that follows. */
import type {
  ErrorShape,
  Forecast,
  LearningCurve,
  ModelName,
  SavedModels,
  TrainingEstimate,
  TrainingPoint,
  TrainingReport,
  TrainOptions,
  UserRow,
} from 'driftscope';
import { explore } from './explore.svelte';
import { toFailure } from './failure';
import { session } from './session.svelte';
import { Task } from './task.svelte';
import { THRESHOLDS } from './thresholds';

/** The models by what they are, simple rules first. */
export const MODEL_GROUPS = [
  { id: 'rules', models: ['popularity', 'persistent', 'moving_average', 'user_frequency', 'decay_prior', 'markov'] },
  { id: 'similarity', models: ['cf-user-cosine', 'cf-user-pearson', 'cf-item', 'cf-closed'] },
  { id: 'networks', models: ['base', 'dnn', 'gnn', 'dnn+gnn', 'sequence'] },
  { id: 'together', models: ['blend'] },
] as const satisfies readonly { id: string; models: readonly ModelName[] }[];
/** All models, in the order of the groups. */
const MODELS: readonly ModelName[] = MODEL_GROUPS.flatMap(({ models }): readonly ModelName[] => models);
/** Those that are always compared. */
export const BASELINES: readonly ModelName[] = ['persistent', 'moving_average', 'decay_prior'];

class Training {
  models = $state<ModelName[]>([...BASELINES, 'dnn']);
  engine = $state<TrainOptions['engine']>('auto');
  seed = $state(1);
  epochs = $state<number | null>(null);
  estimate = $state.raw<TrainingEstimate | null>(null);
  estimateFailure = $state.raw<ErrorShape | null>(null);
  curves = $state.raw<LearningCurve[]>([]);
  report = $state.raw<TrainingReport | null>(null);
  /** Models that were opened from a file, which replace the trained ones. */
  opened = $state.raw<SavedModels | null>(null);
  fileFailure = $state.raw<ErrorShape | null>(null);
  readonly task = new Task();
  #logVersion = -1;
  #question = 0;

  readonly options: TrainOptions = $derived({
    window: explore.options.window,
    models: this.models,
    seed: this.seed,
    engine: this.engine,
    ...(this.epochs ? { epochs: this.epochs } : {}),
  });

  /** The models that can forecast, and the best of them. */
  readonly ready: { models: ModelName[]; best: ModelName } | null = $derived(
    this.opened ??
      (this.report ? { models: this.report.models.map(({ model }) => model), best: this.report.best } : null),
  );

  /** Forgets the results of another log. */
  follow(): void {
    if (this.#logVersion === session.logVersion) return;
    this.#logVersion = session.logVersion;
    this.report = null;
    this.opened = null;
    this.fileFailure = null;
    this.curves = [];
    this.estimate = null;
    this.task.clear();
    forecasts.clear();
  }

  /** The models went on with the log: their report speaks of the log as it was. */
  carriedOn(): void {
    this.#logVersion = session.logVersion;
  }

  /** Adds a model to those that are compared, or takes it out. */
  choose(model: ModelName, on: boolean): void {
    this.models = MODELS.filter((known) => (known === model ? on : this.models.includes(known)));
  }

  async ask(): Promise<void> {
    const question = ++this.#question;
    this.estimateFailure = null;
    try {
      const estimate = await session.api.estimate($state.snapshot(this.options));
      if (question === this.#question) this.estimate = estimate;
    } catch (error) {
      if (question !== this.#question) return;
      this.estimate = null;
      this.estimateFailure = toFailure(error);
    }
  }

  async train(): Promise<void> {
    this.curves = [];
    this.report = null;
    session.locked = true;
    const live: { model: ModelName; points: TrainingPoint[] }[] = [];
    let drawn = 0;
    let seen = 0;
    const draw = setInterval(() => {
      if (seen > drawn) this.curves = live.map(({ model, points }) => ({ model, points: [...points] }));
      drawn = seen;
    }, THRESHOLDS.drawCurveEvery);
    const options = $state.snapshot(this.options);
    const report = await this.task.run((call) =>
      session.api.train(options, {
        ...call,
        onProgress: (progress) => {
          const { model, point } = progress;
          if (model && point) {
            const own = live.find((curve) => curve.model === model);
            if (own) own.points.push(point);
            else live.push({ model, points: [point] });
            seen += 1;
          }
          call.onProgress?.(progress);
        },
      }),
    );
    clearInterval(draw);
    session.locked = false;
    if (!report) return;
    this.report = report;
    this.opened = null;
    this.curves = report.curves;
    session.trained = true;
    forecasts.clear();
  }

  /** Without trained models, takes the base model, which needs no training. */
  async prepare(): Promise<void> {
    if (this.ready) return;
    const { window } = $state.snapshot(this.options);
    const opened = await this.task.run((call) => session.api.useBaseModel(window, call));
    if (opened) this.opened = opened;
  }

  async save(): Promise<Blob | null> {
    this.fileFailure = null;
    try {
      return new Blob([new Uint8Array(await session.api.saveModels())], { type: 'application/octet-stream' });
    } catch (error) {
      this.fileFailure = toFailure(error);
      return null;
    }
  }

  async open(file: Blob): Promise<void> {
    this.fileFailure = null;
    try {
      this.opened = await session.api.openModels(new Uint8Array(await file.arrayBuffer()));
      this.report = null;
      this.curves = [];
      session.trained = true;
      forecasts.clear();
    } catch (error) {
      this.fileFailure = toFailure(error);
    }
  }
}

class Forecasts {
  user = $state.raw<UserRow | null>(null);
  model = $state<ModelName | null>(null);
  forecast = $state.raw<Forecast | null>(null);
  busy = $state(false);
  failure = $state.raw<ErrorShape | null>(null);
  #question = 0;

  clear(): void {
    this.user = null;
    this.model = null;
    this.forecast = null;
    this.failure = null;
  }

  async ask(): Promise<void> {
    const question = ++this.#question;
    this.busy = true;
    this.failure = null;
    try {
      const scope = this.user ? ({ kind: 'user', user: this.user.id } as const) : ({ kind: 'everyone' } as const);
      const forecast = await session.api.forecast(scope, this.model ?? undefined);
      if (question === this.#question) this.forecast = forecast;
    } catch (error) {
      if (question === this.#question) this.failure = toFailure(error);
    } finally {
      if (question === this.#question) this.busy = false;
    }
  }
}

export const forecasts = new Forecasts();
export const training = new Training();
