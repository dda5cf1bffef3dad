/** Node's own modules, without an import that a bundler for browsers would stumble over. */

interface NodeProcess {
  getBuiltinModule?(name: string): unknown;
}

/** The part of `node:fs/promises` that is used. */
export interface FileSystem {
  readFile(path: URL): Promise<Uint8Array<ArrayBuffer>>;
}

/** The part of `node:worker_threads` that is used. */
export interface Threads {
  Worker: new (code: string, options: { eval: true; name: string }) => Thread;
}

/** A worker as Node has it. */
export interface Thread {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  terminate(): Promise<number>;
  on(event: 'message', listener: (data: unknown) => void): this;
  on(event: 'error', listener: (error: Error) => void): this;
}

/** The module called `name`, or null outside Node (before 20.16, too, which cannot give it). */
export function builtin<T>(name: string): T | null {
  const { process } = globalThis as { process?: NodeProcess };
  return (process?.getBuiltinModule?.(name) as T | undefined) ?? null;
}
