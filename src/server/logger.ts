import { AsyncLocalStorage } from 'node:async_hooks';
import { type Logger, pino, stdTimeFunctions } from 'pino';

export type { Logger };

/** Ids that belong to everything logged below one request or one run. */
export type LogContext = { requestId?: string; sessionId?: string; executionId?: string; job?: string };

const context = new AsyncLocalStorage<LogContext>();

/** Runs `work` with `ids` added to each line it logs, however deep. */
export function withLogContext<T>(ids: LogContext, work: () => T): T {
  return context.run({ ...context.getStore(), ...ids }, work);
}

/** The process's logger: JSON lines on stderr (stdout belongs to results of the CLI). */
export function createLogger(options: {
  level: string;
  process: 'web' | 'worker' | 'tars' | 'test';
}): Logger {
  return pino(
    {
      level: options.level,
      base: { process: options.process, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // A copy: pino adds the fields of the line to the object that it is given.
      mixin: () => ({ ...context.getStore() }),
      redact: {
        paths: [
          '*.apiKey',
          '*.authorization',
          '*.cookie',
          '*.password',
          '*.token',
          'authorization',
          'cookie',
        ],
        censor: '[redacted]',
      },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
