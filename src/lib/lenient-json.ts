import { z } from 'zod';

/** What models write is read leniently, but nothing is made up: these are for answers in JSON. */

/** A number, also as text; unlike coercion, nothing and an empty text are none. */
export const writtenNumber = z
  .union([z.number(), z.string().trim().min(1)])
  .pipe(z.coerce.number<number | string>());

/** A list without the entries that do not fit. */
export const entriesOf = <T>(schema: z.ZodType<T>) =>
  z.array(z.unknown()).transform((entries) =>
    entries.flatMap((entry) => {
      const parsed = schema.safeParse(entry);
      return parsed.success ? [parsed.data] : [];
    }),
  );
