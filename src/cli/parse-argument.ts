import type { z } from 'zod';
import { UsageError } from './cli-error.ts';

/**
 * What was typed, checked against the schema that the API uses too. Throws `UsageError` naming each wrong field; `name`
 * stands for a value that has none.
 */
export function parseArgument<T>(schema: z.ZodType<T>, value: unknown, name?: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError(
    parsed.error.issues
      .map((issue) => {
        const field = issue.path.length > 0 ? issue.path.join('.') : name;
        return field === undefined ? issue.message : `${field}: ${issue.message}`;
      })
      .join('; '),
  );
}
