/** Lets tasks run one after the other in the order in which they asked. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  /** Runs `task` after all tasks before it have settled, whether they failed or not. */
  take<T>(task: () => Promise<T>): Promise<T> {
    const result = this.last.then(task, task);
    this.last = result.catch(() => undefined);
    return result;
  }
}
