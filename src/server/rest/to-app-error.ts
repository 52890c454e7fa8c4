import { z } from 'zod';
import { isConnectionError } from '../db/database.ts';
import { AppError, type FieldIssue } from '../errors.ts';
import { UNAVAILABLE_RETRY_SECONDS } from './tunables.ts';

const MAX_REPORTED_FIELDS = 50;

/** Maps whatever was thrown to the one error type of the edge. Unknown things become `internal`. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isConnectionError(error) || isConnectionError(causeOf(error))) {
    return new AppError('unavailable', 'The database is not reachable right now.', {
      cause: error,
      retryAfterSeconds: UNAVAILABLE_RETRY_SECONDS,
    });
  }
  return new AppError('internal', 'Something went wrong on our side.', { cause: error });
}

const causeOf = (error: unknown): unknown => (error instanceof Error ? error.cause : undefined);

/** Issues of zod as `fields`: `labels.team`, `items[0].name`, and `(body)` for the whole. */
export function toFieldIssues(error: z.ZodError, whole: string): FieldIssue[] {
  return error.issues.slice(0, MAX_REPORTED_FIELDS).map((issue) => ({
    path: issue.path.length === 0 ? `(${whole})` : z.core.toDotPath(issue.path),
    message: issue.message,
  }));
}
