import type { ErrorCode, ErrorShape, Place } from './types.js';

/** What every method of the API rejects with. */
export class DriftscopeError extends Error {
  override readonly name = 'DriftscopeError';
  /** What went wrong, for programs and for translation. */
  readonly code: ErrorCode;
  /** Where in the input, and what to do. */
  readonly detail: ErrorShape['detail'];

  constructor(shape: ErrorShape) {
    super(shape.message);
    this.code = shape.code;
    this.detail = shape.detail;
  }

  /** Place in the input, if the error is about the input. */
  get place(): Place | undefined {
    return this.detail.place;
  }

  /** The plain object in which errors cross the worker border. */
  toShape(): ErrorShape {
    return { code: this.code, message: this.message, detail: this.detail };
  }
}

/** Makes an error of the given code. */
export function failure(code: ErrorCode, message: string, detail: ErrorShape['detail'] = {}): DriftscopeError {
  return new DriftscopeError({ code, message, detail });
}

/** The error a cancelled call rejects with. */
export function cancelled(): DriftscopeError {
  return failure('cancelled', 'cancelled');
}

function isShape(value: unknown): value is ErrorShape {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value && 'detail' in value;
}

/** Turns whatever was thrown into the one error shape; what is not ours becomes `fallback`. */
export function toShape(thrown: unknown, fallback: ErrorCode = 'crashed'): ErrorShape {
  if (thrown instanceof DriftscopeError) return thrown.toShape();
  if (isShape(thrown)) return { code: thrown.code, message: thrown.message, detail: thrown.detail };
  return { code: fallback, message: thrown instanceof Error ? thrown.message : String(thrown), detail: {} };
}
