/**
 * Driftscope: interest evolution, transfer and forecasts from a behaviour log, inside the browser. `create()` starts it;
 * nothing happens when the module is imported.
 *
 * @module driftscope
 */
export { hasAdapter } from './adapter.js';
export { preload, type PreloadOptions } from './assets.js';
export { create } from './client.js';
export { DriftscopeError } from './error.js';
export { isSealed, seal, SEAL_POLICY } from './seal.js';
export type * from './types.js';
