/** Ends of a handle besides `dispose()`: `await using`, and being forgotten. */
import type { Connection } from './connection.js';
import { failure } from './error.js';
import type { EngineName } from './types.js';

/** The engines that a handle has started. */
export type Connections = Partial<Record<EngineName, Connection>>;

let forgotten: FinalizationRegistry<Connections> | null = null;

/**
 * Ends the engines of a handle that is collected as garbage without having been disposed of. The connections must not lead
 * to the handle, except while a call is under way, which keeps it alive.
 */
export function disposeWhenForgotten(handle: object, connections: Connections): void {
  if (typeof FinalizationRegistry === 'undefined') return;
  forgotten ??= new FinalizationRegistry((left) => {
    for (const connection of Object.values(left)) connection.close(failure('disposed', 'nobody held it any more'));
  });
  forgotten.register(handle, connections);
}

/** Gives a handle what `await using` calls, where the runtime, or a polyfill before `create`, has a symbol for it. */
export function makeAsyncDisposable(
  handle: { dispose(): void },
  { asyncDispose }: { asyncDispose?: symbol } = Symbol,
): void {
  if (typeof asyncDispose !== 'symbol') return;
  const value = async (): Promise<void> => handle.dispose();
  Object.defineProperty(handle, asyncDispose, { value });
}
