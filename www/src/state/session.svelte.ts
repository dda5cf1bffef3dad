/** The way of one log through the page: files, plans, cleaning, report; and which step is shown. */
import type {
  CleaningOptions,
  DriftscopeApi,
  ErrorShape,
  FileInspection,
  FilePlan,
  FileSource,
  LeakAttempt,
  QualityReport,
} from 'driftscope';
import { offline } from '../offline/offline.svelte';
import { copyCleaning } from './cleaning';
import { prepareEngine, startEngine } from './engine';
import { toFailure } from './failure';
import { pushStep } from './history';
import { parts } from './parts.svelte';
import { sourcesOf, withChange } from './plans';
import { Task } from './task.svelte';
import { SAMPLE } from './thresholds';

export const STEPS = ['start', 'columns', 'quality', 'interest', 'training', 'forecast'] as const;
export type Step = (typeof STEPS)[number];

class Session {
  step = $state<Step>('start');
  engine = $state<'loading' | 'ready' | 'failed'>('loading');
  engineFailure = $state.raw<ErrorShape | null>(null);

  files = $state.raw<FileSource[]>([]);
  inspections = $state.raw<FileInspection[]>([]);
  /** What was changed by hand, by inspection. */
  changes = $state.raw<(Partial<FilePlan> | null)[]>([]);
  inspecting = $state(false);

  fromSample = $state(false);
  /** The report of the log that is loaded, and that of the cleaning before it. */
  report = $state.raw<QualityReport | null>(null);
  reportBefore = $state.raw<QualityReport | null>(null);
  /** The cleaning that made `report`, and the one being edited. */
  applied = $state.raw<CleaningOptions | null>(null);
  draft = $state<CleaningOptions | null>(null);
  /** Grows with every new clean log, so that later steps know that their results are old. */
  logVersion = $state(0);
  /** Whether a training runs: the engine answers nothing else meanwhile, so that the steps stay closed. */
  locked = $state(false);
  /** Whether a training report is there. */
  trained = $state(false);

  readonly task = new Task();
  /** Told when the log or its models changed, and when the log goes or another takes its place. */
  onChange: () => void = () => undefined;
  onLeave: () => void = () => undefined;
  #api: DriftscopeApi | null = null;
  #starting: Promise<void> = Promise.resolve();
  #defaults: CleaningOptions | null = null;
  #inspection = 0;

  get api(): DriftscopeApi {
    if (!this.#api) throw Object.assign(new Error('The engine is not ready.'), { code: 'state', detail: {} });
    return this.#api;
  }

  /** Starts the engine. Called once by the page, and again after a failure. Calls that need it wait for it. */
  start(): Promise<void> {
    this.#starting = this.#start();
    return this.#starting;
  }

  async #start(): Promise<void> {
    this.engine = 'loading';
    this.engineFailure = null;
    try {
      await prepareEngine();
      this.engine = 'ready';
      void parts.fetch().catch(() => undefined);
    } catch (error) {
      this.engineFailure = toFailure(error);
      this.engine = 'failed';
    }
  }

  /** The engine, which seals the page and starts when it is first asked for: no file is accepted before. */
  async #ready(): Promise<DriftscopeApi> {
    await this.#starting;
    if (!this.#api) {
      // Nothing can be fetched any more once the page is sealed.
      await Promise.all([parts.fetch(), offline.registered]);
      const api = await startEngine();
      this.#api = api;
      this.#defaults = await api.cleaningDefaults();
      this.#resetCleaning();
    }
    return this.#api;
  }

  /** Tries every way out of the page, which is sealed before. */
  async tryToLeak(): Promise<LeakAttempt[]> {
    return (await this.#ready()).tryToLeak();
  }

  #resetCleaning(): void {
    if (!this.#defaults) return;
    this.applied = copyCleaning(this.#defaults);
    this.draft = copyCleaning(this.#defaults);
  }

  /** Whether a step can be opened now. */
  open(step: Step): boolean {
    if (this.task.running || this.locked) return step === this.step;
    switch (step) {
      case 'start':
        return true;
      case 'columns':
        return this.inspections.length > 0;
      case 'quality':
        return this.report !== null;
      case 'interest':
      case 'training':
      case 'forecast':
        return this.report !== null && this.report.summary.events > 0;
    }
  }

  go(step: Step): void {
    if (!this.open(step)) return;
    this.step = step;
    pushStep(step);
    window.scrollTo({ top: 0 });
  }

  /** The step that the browser's back and forward buttons ask for; the start where it is not open. */
  return(step: string): void {
    const known = STEPS.find((candidate) => candidate === step) ?? 'start';
    if (this.open(known)) this.step = known;
    else pushStep(this.step);
  }

  /** Takes files (added to those that are there when `add`) and looks at their first rows. */
  async take(files: FileSource[], add = false): Promise<void> {
    if (files.length === 0) return;
    const all = add ? [...this.files, ...files] : files;
    const changes = add ? this.changes : [];
    const found = await this.task.run(async () => (await this.#ready()).inspect(all, { changed: changes }));
    if (!found) return;
    if (!add) this.#resetCleaning();
    this.files = all;
    this.changes = found.map((_, index) => changes[index] ?? null);
    this.inspections = found;
    this.go('columns');
  }

  /** Leaves one table out: its file goes, or, where a `.zip` holds others as well, it is marked as not to be read. */
  async remove(index: number): Promise<void> {
    const sources = sourcesOf(this.files, this.inspections);
    const file = sources[index];
    if (sources.filter((source) => source === file).length > 1) return this.change(index, { table: 'ignore' });
    this.files = this.files.filter((_, at) => at !== file);
    this.changes = this.changes.filter((_, at) => at !== index);
    this.inspections = this.inspections.filter((_, at) => at !== index);
    if (this.files.length === 0) this.go('start');
    else await this.#inspectAgain();
  }

  /** Changes one file's plan by hand and updates the preview. */
  async change(index: number, change: Partial<FilePlan>): Promise<void> {
    this.changes = this.changes.map((before, at) => (at === index ? withChange(before, change) : before));
    await this.#inspectAgain();
  }

  async #inspectAgain(): Promise<void> {
    // Only the answer to the latest question counts.
    const question = ++this.#inspection;
    this.inspecting = true;
    try {
      const found = await this.api.inspect(this.files, { changed: this.changes });
      if (question === this.#inspection) {
        this.inspections = found;
        this.task.failure = null;
      }
    } catch (error) {
      if (question === this.#inspection) this.task.failure = toFailure(error);
    } finally {
      if (question === this.#inspection) this.inspecting = false;
    }
  }

  /** Reads the files as planned. */
  async load(): Promise<void> {
    const plans = this.inspections.map((inspection) => inspection.plan);
    const report = await this.task.run((options) =>
      this.api.load(this.files, { plans, cleaning: $state.snapshot(this.draft) ?? {}, ...options }),
    );
    if (!report) return;
    this.onLeave();
    this.#accept(report, false, 'quality');
  }

  /** Makes the sample log and shows it at once; whether it is there. */
  async loadSample(): Promise<boolean> {
    const report = await this.task.run(async (options) => (await this.#ready()).loadSample({ ...SAMPLE }, options));
    if (!report) return false;
    this.onLeave();
    this.#resetCleaning();
    this.files = [];
    this.inspections = [];
    this.changes = [];
    this.#accept(report, true, 'interest');
    return true;
  }

  /** Cleans again by the edited rules. */
  async clean(): Promise<void> {
    const draft = $state.snapshot(this.draft);
    if (!draft) return;
    const before = this.report;
    const report = await this.task.run((options) => this.api.clean(draft, options));
    if (!report) return;
    this.#accept(report, this.fromSample, 'quality');
    this.reportBefore = before;
  }

  /** The log took in new events: what was computed from it is outdated, but for the models, which went on with it. */
  extended(summary: QualityReport['summary']): void {
    if (this.report) this.report = { ...this.report, summary };
    this.reportBefore = null;
    // The log can't be cleaned again now.
    this.draft = null;
    this.logVersion += 1;
    this.onChange();
  }

  /** The users of the log go by other names now, and it can't be cleaned again. */
  renamed(): void {
    this.reportBefore = null;
    this.draft = null;
    this.logVersion += 1;
    this.onChange();
  }

  /** Takes over a log from a snapshot: its files are not there, so that it can't be cleaned again. */
  async reopen(snapshot: Uint8Array, sample: boolean, cleaning: CleaningOptions | null): Promise<void> {
    const report = await (await this.#ready()).restore(snapshot);
    this.files = [];
    this.inspections = [];
    this.changes = [];
    this.report = report;
    this.reportBefore = null;
    this.applied = cleaning;
    this.draft = null;
    this.fromSample = sample;
    this.trained = false;
    this.logVersion += 1;
  }

  #accept(report: QualityReport, sample: boolean, step: Step): void {
    this.report = report;
    this.reportBefore = null;
    this.applied = this.draft ? copyCleaning($state.snapshot(this.draft)) : null;
    this.fromSample = sample;
    this.trained = false;
    this.logVersion += 1;
    this.go(step);
    this.onChange();
  }

  /** Back to an empty page. The engine drops the log with its worker. */
  async startOver(): Promise<void> {
    this.onLeave();
    this.locked = false;
    this.task.cancel();
    this.task.clear();
    this.#api?.dispose();
    this.#api = null;
    this.files = [];
    this.inspections = [];
    this.changes = [];
    this.report = null;
    this.reportBefore = null;
    this.fromSample = false;
    this.trained = false;
    this.logVersion += 1;
    this.step = 'start';
    pushStep('start');
    await this.start();
    this.task.clear();
  }
}

export const session = new Session();
