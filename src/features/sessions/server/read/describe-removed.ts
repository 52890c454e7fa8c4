import { formatPeriod } from '#src/lib/format-duration.ts';
import type { Config } from '#src/server/config/index.ts';
import { AppError } from '#src/server/errors.ts';

/** What stands in the place of payloads that are gone. */
export const logsRemoved = ({ retention }: Config): string =>
  `Removed after ${formatPeriod(retention.logs)} by retention.`;

/** For a reader of the log who starts before its beginning. */
export const eventsGone = ({ retention }: Config, removedUpTo: number): AppError =>
  new AppError(
    'gone',
    `Events up to ${removedUpTo} were removed after ${formatPeriod(retention.events)} by retention. The timeline has what they led to; newer events: after=${removedUpTo}.`,
  );
