/** The segments of the log's users, once they were asked for. */
import type { InterestOptions, Scope, Segments } from 'driftscope';
import { session } from './session.svelte';
import { Task } from './task.svelte';

class SegmentSearch {
  readonly task = new Task();
  #found = $state.raw<{ segments: Segments; key: string } | null>(null);

  /** What the segments belong to: the log as it is, and how interests are looked at. */
  #key(options: InterestOptions): string {
    return `${session.logVersion} ${JSON.stringify(options)}`;
  }

  /** The segments for these options; null before they were found. */
  of(options: InterestOptions): Segments | null {
    return this.#found?.key === this.#key(options) ? this.#found.segments : null;
  }

  /** The users of a segment; everyone while it is not known. */
  scope(index: number, options: InterestOptions): Scope {
    const ofUser = this.of(options)?.ofUser;
    if (!ofUser) return { kind: 'everyone' };
    const users: number[] = [];
    ofUser.forEach((segment, user) => {
      if (segment === index) users.push(user);
    });
    return users.length > 0 ? { kind: 'users', users } : { kind: 'everyone' };
  }

  async find(options: InterestOptions): Promise<void> {
    const key = this.#key(options);
    const segments = await this.task.run((call) => session.api.segments(options, call));
    if (segments) this.#found = { segments, key };
  }
}

export const segmentSearch = new SegmentSearch();
