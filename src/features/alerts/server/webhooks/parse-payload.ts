import type { z } from 'zod';
import { AppError } from '#src/server/errors.ts';
import { toFieldIssues } from '#src/server/rest/to-app-error.ts';

/** Parses what a sender posted, or a part of it that is found `within` a field. Throws `bad_request` with field paths. */
export function parsePayload<T extends z.ZodType>(schema: T, value: unknown, within?: string): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = toFieldIssues(parsed.error, within ?? 'body');
  throw new AppError('bad_request', 'The body is not valid.', {
    fields: within
      ? issues.map(({ path, message }) => ({
          path: path.startsWith('(') ? within : `${within}.${path}`,
          message,
        }))
      : issues,
  });
}
