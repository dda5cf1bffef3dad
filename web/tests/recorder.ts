import { expect } from 'vitest';

import type { FilePlan } from '../src/types.js';
import type { Session } from '../src/worker/binding.js';

/** A session that keeps the text it is given, by file. */
export class Recorder {
  readonly texts: Record<string, string> = {};
  readonly inspected: { name: string; compression: string; text: string; whole: boolean; changed: unknown }[] = [];
  aborted = false;
  onPush = (): void => undefined;
  private current = '';
  private rows = 0;
  private readonly decoder = new TextDecoder();

  inspect(
    name: string,
    compression: string,
    head: Uint8Array,
    whole: boolean,
    changed: unknown,
  ): { plan: Pick<FilePlan, 'name' | 'columns' | 'table'> } {
    this.inspected.push({ name, compression, text: new TextDecoder().decode(head), whole, changed });
    return { plan: { name, table: 'events', columns: [] } };
  }
  beginLoad(): void {}
  beginFile(plan: FilePlan): void {
    this.current = plan.name;
    this.texts[plan.name] = '';
  }
  push(bytes: Uint8Array): number {
    expect(bytes.length).toBeLessThanOrEqual(256 * 1024);
    this.onPush();
    this.texts[this.current] += this.decoder.decode(bytes, { stream: true });
    return (this.rows += bytes.filter((byte) => byte === 10).length);
  }
  endFile(): void {}
  abortLoad(): void {
    this.aborted = true;
  }
  asSession(): Session {
    return this as unknown as Session;
  }
}
