/**
 * The public data types of the package: what goes in and what comes out of every call. Everything here is a plain object or
 * a typed array. The Rust side has the same shapes as `serde` structs (camelCase); `tests/` checks that they agree.
 *
 * Times are Unix seconds (UTC) unless a name says otherwise. Matrices are row-major.
 */
export type * from './types/call.js';
export type * from './types/log.js';
export type * from './types/source.js';
export type * from './types/quality.js';
export type * from './types/interest.js';
export type * from './types/training.js';
export type * from './types/evaluation.js';
export type * from './types/forecast.js';
export type * from './types/update.js';
export type * from './types/next-item.js';
export type * from './types/insight.js';
export type * from './types/segments.js';
export type * from './types/findings.js';
export type * from './types/privacy.js';
export type * from './types/create.js';
export type * from './types/leak.js';
export type * from './types/api.js';
