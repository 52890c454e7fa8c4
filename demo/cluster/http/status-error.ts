import { infoOf } from '../kinds/resources.ts';
import { StoreError } from '../store.ts';

/** A `metav1.Status` failure to be sent as the response. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: number, reason: string, message: string, details?: Record<string, unknown>) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  toStatus(): Record<string, unknown> {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details ? { details: this.details } : {}),
      code: this.code,
    };
  }
}

/** Any thrown value as the Status a real API server would send. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof StoreError) {
    const { group } = infoOf(error.resource);
    const name = error.objectName;
    const qualified = group === '' ? error.resource : `${error.resource}.${group}`;
    const details = { name, ...(group ? { group } : {}), kind: error.resource };
    switch (error.failure) {
      case 'NotFound':
        return new ApiError(404, 'NotFound', `${qualified} "${name}" not found`, details);
      case 'AlreadyExists':
        return new ApiError(409, 'AlreadyExists', `${qualified} "${name}" already exists`, details);
      case 'Conflict': {
        const text =
          'the object has been modified; please apply your changes to the latest version and try again';
        return new ApiError(
          409,
          'Conflict',
          `Operation cannot be fulfilled on ${qualified} "${name}": ${text}`,
          details,
        );
      }
      case 'Expired':
        return new ApiError(410, 'Expired', `too old resource version: ${name}`);
    }
  }
  return new ApiError(500, 'InternalError', error instanceof Error ? error.message : 'unknown error');
}
