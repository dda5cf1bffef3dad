/** A training run: its settings, estimate, live curve and report; and the forecast that follows. */
import type {
  ErrorShape,
  Forecast,
  LearningCurve,
  ModelName,
  Progress,
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

/** A run that was interrupted or paused, and can go on. */
export interface Unfinished {
  options: TrainOptions;
  curves: LearningCurve[];
  /** Where it stood: the model and its last whole epoch. */
  model: ModelName | null;
  epoch: number;
  resume: Uint8Array;
}

/** The curves of the run under way. */
class LiveCurves {
  #curves: { model: ModelName; points: TrainingPoint[] }[];
  #changed = false;

  constructor(before: readonly LearningCurve[]) {
    this.#curves = before.map(({ model, points }) => ({ model, points: [...points] }));
  }

  add({ model, point }: Progress): void {
    if (!model || !point) return;
    const own = this.#curves.find((curve) => curve.model === model);
    // A run that went on from a checkpoint tells the steps since then once more.
    while (own && (own.points.at(-1)?.step ?? -1) >= point.step) own.points.pop();
    if (own) own.points.push(point);
    else this.#curves.push({ model, points: [point] });
    this.#changed = true;
  }

  get curves(): LearningCurve[] {
    return this.#curves.map(({ model, points }) => ({ model, points: [...points] }));
  }

  /** The model under way and its epoch. */
  get model(): ModelName | null {
    return this.#curves.at(-1)?.model ?? null;
  }
  get epoch(): number {
    return this.#curves.at(-1)?.points.at(-1)?.epoch ?? 0;
  }

  /** The curves, where they have changed since the last time. */
  drawn(): LearningCurve[] | null {
    if (!this.#changed) return null;
    this.#changed = false;
    return this.curves;
  }
}

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
  /** A run that can go on. */
  unfinished = $state.raw<Unfinished | null>(null);
  /** Whether the run is being paused. */
  pausing = $state(false);
  /** Told before a run, after each of its epochs, and at its end (`done`: there is nothing to go on with). */
  onStart: () => Promise<void> = () => Promise.resolve();
  onCheckpoint: (run: Unfinished) => void = () => undefined;
  onEnd: (done: boolean) => Promise<void> = () => Promise.resolve();
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
    this.unfinished = null;
    this.curves = [];
    this.estimate = null;
    this.task.clear();
    forecasts.clear();
  }

  /** Takes over what a project kept. */
  reopened(kept: {
    models?: ModelName[];
    seed?: number;
    report?: TrainingReport | null;
    opened?: SavedModels | null;
  }): void {
    this.follow();
    this.models = kept.models ?? this.models;
    this.seed = kept.seed ?? this.seed;
    this.report = kept.report ?? null;
    this.opened = kept.opened ?? null;
    this.curves = this.report?.curves ?? [];
    session.trained = this.ready !== null;
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

  /** Trains anew, or goes on where a run stood. */
  async train(from: Unfinished | null = null): Promise<void> {
    if (session.locked) return;
    session.locked = true;
    await this.onStart();
    this.curves = from?.curves ?? [];
    this.report = null;
    this.unfinished = null;
    this.pausing = false;
    const options = from?.options ?? $state.snapshot(this.options);
    const live = new LiveCurves(from?.curves ?? []);
    let latest = from;
    const draw = setInterval(() => {
      this.curves = live.drawn() ?? this.curves;
    }, THRESHOLDS.drawCurveEvery);
    const report = await this.task.run((call) =>
      session.api.train(options, {
        ...call,
        ...(from?.resume.length ? { resume: from.resume } : {}),
        onProgress: (progress) => {
          live.add(progress);
          call.onProgress?.(progress);
        },
        onCheckpoint: (resume) => {
          const { model, epoch, curves } = live;
          latest = { options, curves, model, epoch, resume };
          this.onCheckpoint(latest);
        },
      }),
    );
    clearInterval(draw);
    session.locked = false;
    const paused = this.pausing && (report === undefined || report.stopped === 'cancelled');
    this.pausing = false;
    if (paused) {
      this.task.clear();
      // Paused within the first epoch, it starts over.
      this.unfinished = latest ?? { options, curves: [], model: null, epoch: 0, resume: new Uint8Array() };
      await this.onEnd(false);
      return;
    }
    if (!report) {
      // What failed can be taken up again after its cause is gone.
      if (this.task.failure) this.unfinished = latest;
      return;
    }
    this.report = report;
    this.opened = null;
    this.curves = report.curves;
    session.trained = true;
    forecasts.clear();
    await this.onEnd(true);
  }

  /** Gives up a run that could go on. */
  discard(): void {
    this.unfinished = null;
    void this.onEnd(true);
  }

  /** Interrupts the run; at most one epoch is done again when it goes on. */
  pause(): void {
    this.pausing = true;
    this.task.cancel();
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
      session.onChange();
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
