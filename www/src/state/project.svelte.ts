/**
 * Projects: the log, its results and models, kept by choice only, in this browser or as a file, always encrypted. While a
 * project of this browser is open, it is saved after each change, and a training run after each epoch.
 */
import type { CleaningOptions, ModelName, NextItemReport, SavedModels, TrainingReport } from 'driftscope';
import { pack, unpack } from '../project/contents';
import { newKey, readHeader, seal, unlock, unseal, type ProjectKey } from '../project/envelope';
import { ProjectProblem, type ProblemCode } from '../project/problem';
import * as storage from '../project/storage';
import { explore } from './explore.svelte';
import { toFailure } from './failure';
import { nextItemModels } from './next-items.svelte';
import { session } from './session.svelte';
import { training, type Unfinished } from './training.svelte';
import { toQuery } from './view';
import { views } from './views.svelte';

/** What the page keeps beside the engine's bytes. Fields that a project lacks keep their defaults. */
interface Kept {
  fromSample: boolean;
  cleaning: CleaningOptions | null;
  /** The view of the interests, as a link writes it. */
  view: string;
  training: { models: ModelName[]; seed: number; report: TrainingReport | null; opened: SavedModels | null };
  nextItems: { models: ModelName[]; report: NextItemReport | null };
}

/** A project that is open; `id` where it lies in this browser, and is saved by itself. */
interface Open {
  id: string | null;
  name: string;
  key: ProjectKey;
  savedAt: number;
  release: () => void;
}

/** What a problem is called: a code of a project, or the words of what failed otherwise. */
export type Trouble = { code: ProblemCode } | { code: 'failed'; message: string };

class Project {
  readonly canStore = storage.canStore();
  recent = $state.raw<storage.StoredProject[]>([]);
  current = $state.raw<Open | null>(null);
  busy = $state(false);
  trouble = $state.raw<Trouble | null>(null);
  /** A project file that was dropped or chosen and waits for its passphrase. */
  offered = $state.raw<{ name: string; bytes: Uint8Array<ArrayBuffer> } | null>(null);
  #savedLog = -1;
  #last: Promise<unknown> = Promise.resolve();
  #runs: Promise<void> = Promise.resolve();
  #nextRun: Unfinished | null = null;

  constructor() {
    training.onStart = () => this.#beforeRun();
    training.onCheckpoint = (run) => this.#keepRun(run);
    training.onEnd = (done) => this.#afterRun(done);
    session.onChange = () => this.#autosave();
    session.onLeave = () => this.close();
  }

  /** Lists what this browser keeps. */
  async refresh(): Promise<void> {
    try {
      this.recent = await storage.list();
    } catch {
      // Storage may be forbidden: then there is nothing to list.
      this.recent = [];
    }
  }

  /** Saves under a new name and passphrase, in this browser; from then on it is saved by itself. */
  create(name: string, passphrase: string): Promise<boolean> {
    return this.#work(async () => {
      const key = await newKey(passphrase);
      const id = crypto.randomUUID();
      const release = await storage.hold(id);
      if (!release) throw new ProjectProblem('elsewhere');
      try {
        const savedAt = await this.#store(id, name, key);
        this.close();
        this.current = { id, name, key, savedAt, release };
      } catch (error) {
        release();
        throw error;
      }
      // Asks the browser not to tidy it away; it may say no.
      void navigator.storage.persist?.();
      await this.refresh();
    });
  }

  /** Saves the project that is open once more. */
  save(): Promise<boolean> {
    return this.#work(async () => {
      const { current } = this;
      if (!current?.id) return;
      const savedAt = await this.#store(current.id, current.name, current.key);
      this.current = { ...current, savedAt };
      await this.refresh();
    });
  }

  /** The project as a file, under a passphrase of its own or that of the open project. */
  async toFile(name: string, passphrase: string | null): Promise<Blob | null> {
    let file: Blob | null = null;
    await this.#work(async () => {
      const key = passphrase === null && this.current ? this.current.key : await newKey(passphrase ?? '');
      const savedAt = Date.now();
      file = new Blob([await this.#sealed(name, key, savedAt)], { type: 'application/octet-stream' });
    });
    return file;
  }

  /** Opens a project of this browser. */
  openStored(id: string, passphrase: string): Promise<boolean> {
    return this.#work(async () => {
      const release = await storage.hold(id);
      if (!release) throw new ProjectProblem('elsewhere');
      try {
        const bytes = await storage.read(id, 'project');
        const { name, savedAt } = await readHeader(bytes);
        const key = await unlock(bytes, passphrase);
        await this.#restore(bytes, key);
        this.close();
        this.current = { id, name, key, savedAt, release };
        training.unfinished = await this.#runOf(id, key);
        if (training.unfinished) session.go('training');
      } catch (error) {
        release();
        throw error;
      }
    });
  }

  /** Takes a project file, which then waits for its passphrase. */
  async offer(file: Blob): Promise<void> {
    await this.#work(async () => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const { name } = await readHeader(bytes);
      this.offered = { name, bytes };
    });
  }

  /** Opens the file that was offered. */
  openOffered(passphrase: string): Promise<boolean> {
    return this.#work(async () => {
      const { offered } = this;
      if (!offered) return;
      const key = await unlock(offered.bytes, passphrase);
      await this.#restore(offered.bytes, key);
      const { savedAt } = await readHeader(offered.bytes);
      this.close();
      this.current = { id: null, name: offered.name, key, savedAt, release: () => undefined };
      this.offered = null;
    });
  }

  /** Deletes a project of this browser; what is open stays open, unsaved. */
  remove(id: string): Promise<boolean> {
    return this.#work(async () => {
      if (this.current?.id === id) this.close();
      else {
        const release = await storage.hold(id);
        if (!release) throw new ProjectProblem('elsewhere');
        release();
      }
      await storage.remove(id, 'run');
      await storage.remove(id, 'project');
      await this.refresh();
    });
  }

  /** Deletes everything that this page ever kept in this browser. */
  wipe(): Promise<boolean> {
    return this.#work(async () => {
      this.close();
      await storage.wipe();
      localStorage.clear();
      await this.refresh();
    });
  }

  /** Ends the saving; what is kept stays where it is. */
  close(): void {
    this.current?.release();
    this.current = null;
    this.#savedLog = -1;
  }

  /** Runs one thing at a time; false where it failed, and `trouble` says why. */
  #work(work: () => Promise<void>): Promise<boolean> {
    const result = this.#last.then(async () => {
      this.busy = true;
      this.trouble = null;
      try {
        if (!storage.canPack()) throw new ProjectProblem('incapable');
        await work();
        return true;
      } catch (error) {
        this.trouble = troubleOf(error);
        return false;
      } finally {
        this.busy = false;
      }
    });
    this.#last = result;
    return result;
  }

  async #sealed(name: string, key: ProjectKey, savedAt: number): Promise<Uint8Array<ArrayBuffer>> {
    const kept: Kept = {
      fromSample: session.fromSample,
      cleaning: $state.snapshot(session.applied),
      view: toQuery(views.now),
      training: {
        models: $state.snapshot(training.models),
        seed: training.seed,
        report: training.report,
        opened: training.opened,
      },
      nextItems: { models: $state.snapshot(nextItemModels.models), report: nextItemModels.report },
    };
    return seal({ kind: 'project', name, savedAt }, await pack(kept, await session.api.snapshot()), key);
  }

  async #store(id: string, name: string, key: ProjectKey): Promise<number> {
    const [savedAt, log] = [Date.now(), session.logVersion];
    await storage.write(id, 'project', await this.#sealed(name, key, savedAt));
    this.#savedLog = log;
    return savedAt;
  }

  async #restore(bytes: Uint8Array<ArrayBuffer>, key: ProjectKey): Promise<void> {
    const { state, bytes: snapshot } = await unpack<Partial<Kept>>(await unseal(bytes, key));
    await session.reopen(snapshot, state.fromSample ?? false, state.cleaning ?? null);
    explore.follow();
    if (state.view) views.reopen(state.view);
    training.reopened(state.training ?? {});
    nextItemModels.reopened(state.nextItems ?? {});
    session.go(session.open('interest') ? 'interest' : 'quality');
    this.#savedLog = session.logVersion;
  }

  /** After a change of the log or the models. */
  #autosave(): void {
    if (this.current?.id && !training.task.running) void this.save();
  }

  /** A run can only go on from a project that holds its log. */
  async #beforeRun(): Promise<void> {
    if (this.current?.id && this.#savedLog !== session.logVersion) await this.save();
  }

  /** Writes the latest checkpoint; while one is being written, only the newest of those that come waits. */
  #keepRun(run: Unfinished): void {
    const { current } = this;
    if (!current?.id) return;
    const waiting = this.#nextRun !== null;
    this.#nextRun = run;
    if (waiting) return;
    const { id, name, key } = current;
    this.#runs = this.#runs.then(async () => {
      const latest = this.#nextRun;
      this.#nextRun = null;
      if (!latest || this.current?.id !== id) return;
      const { resume, ...rest } = latest;
      try {
        const sealed = await seal({ kind: 'run', name, savedAt: Date.now() }, await pack(rest, resume), key);
        await storage.write(id, 'run', sealed);
      } catch (error) {
        this.trouble = troubleOf(error);
      }
    });
  }

  /** Nothing is left to go on with, or the person pauses and may close the tab. */
  async #afterRun(done: boolean): Promise<void> {
    const id = this.current?.id;
    if (!id) return;
    await this.#runs;
    if (!done) return;
    if (await this.save()) await storage.remove(id, 'run').catch(() => undefined);
  }

  async #runOf(id: string, key: ProjectKey): Promise<Unfinished | null> {
    try {
      const { state, bytes } = await unpack<Omit<Unfinished, 'resume'>>(
        await unseal(await storage.read(id, 'run'), key),
      );
      return { ...state, resume: bytes };
    } catch {
      // None, or it was being written when the browser ended: the project itself is whole.
      return null;
    }
  }
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof ProjectProblem) return { code: error.code };
  const { code, message } = toFailure(error);
  // The contents were authentic, yet the engine does not know them: another version wrote them.
  return code === 'checkpoint' ? { code: 'later' } : { code: 'failed', message };
}

export const project = new Project();
