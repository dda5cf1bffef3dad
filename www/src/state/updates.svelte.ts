/** New events for a log that is there already, and what the trained models made of them. */
import type { FileInspection, FileSource, UpdateReport } from 'driftscope';
import { obstacles, type Obstacle } from './plans';
import { session } from './session.svelte';
import { Task } from './task.svelte';
import { forecasts, training } from './training.svelte';

class Updates {
  readonly task = new Task();
  report = $state.raw<UpdateReport | null>(null);
  /** What keeps the files from being read, and the files themselves. */
  obstacles = $state.raw<Obstacle[]>([]);
  inspections = $state.raw<FileInspection[]>([]);
  #logVersion = -1;

  /** Forgets the results of another log. */
  follow(): void {
    if (this.#logVersion === session.logVersion) return;
    this.#logVersion = session.logVersion;
    this.report = null;
    this.obstacles = [];
    this.task.clear();
  }

  /** Reads files as they are recognised and adds their events. */
  async add(files: FileSource[]): Promise<void> {
    if (files.length === 0) return;
    this.report = null;
    this.obstacles = [];
    session.locked = true;
    const report = await this.task.run(async (call) => {
      this.inspections = await session.api.inspect(files);
      this.obstacles = obstacles(this.inspections);
      if (this.obstacles.length > 0) return null;
      const plans = this.inspections.map(({ plan }) => plan);
      return session.api.update(files, { plans, cleaning: $state.snapshot(session.applied) ?? {}, ...call });
    });
    session.locked = false;
    if (!report) return;
    session.extended(report.summary);
    this.#logVersion = session.logVersion;
    training.carriedOn();
    forecasts.clear();
    this.report = report;
  }
}

export const updates = new Updates();
