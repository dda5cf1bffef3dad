/** Errors as the page shows them. */
import type { ErrorCode, ErrorShape } from 'driftscope';

const CODES: readonly ErrorCode[] = [
  'empty',
  'unreadable',
  'damaged',
  'too_large',
  'memory',
  'columns',
  'not_enough',
  'budget',
  'parameter',
  'cancelled',
  'device',
  'checkpoint',
  'state',
  'crashed',
  'unsupported',
  'network',
  'disposed',
];

/** The error's shape; anything that did not come from the package counts as a crash, with its own words as the detail. */
export function toFailure(error: unknown): ErrorShape {
  if (error !== null && typeof error === 'object' && 'code' in error && CODES.includes(error.code as ErrorCode)) {
    const shape = error as Partial<ErrorShape> & { code: ErrorCode };
    return { code: shape.code, message: shape.message ?? '', detail: shape.detail ?? {} };
  }
  if (error instanceof DOMException && error.name === 'AbortError')
    return { code: 'cancelled', message: '', detail: {} };
  return { code: 'crashed', message: error instanceof Error ? error.message : String(error), detail: {} };
}
