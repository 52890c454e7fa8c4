import type { Batch } from '#src/features/sessions/server/index.ts';
import { formatDuration } from '#src/lib/format-duration.ts';
import type { LlmError } from '#src/server/llm/index.ts';
import type { ExecutionScope } from './run-context.ts';

/** Of a provider that has failed and not answered since. */
export type FailureEntry = { itemId: string; attempts: number };

export type FailureRecorder = {
  /** The same call is made again by itself. */
  retrying(batch: Batch, step: { error: LlmError; delayMs: number }): void;
  /** A call has failed, with all its retries. */
  failed(batch: Batch, step: { error: LlmError; provider: string; model: string }): void;
  /** It has answered, or another provider is asked. */
  over(): void;
  /** What the last call has come to, if it failed: whoever ends the execution for it says so there. */
  current(): FailureEntry | null;
};

/**
 * One timeline entry for all failures in a row: written with the first, rewritten with each that follows. Every attempt is in
 * the trace. It is complete at any time, so an interrupted run leaves nothing open; a resumed one begins another.
 */
export function createFailureRecorder({
  context,
  place,
}: Pick<ExecutionScope, 'context' | 'place'>): FailureRecorder {
  const { masker } = context;
  let entry: FailureEntry | null = null;
  /** Attempts of the present call that are counted already. */
  let retried = 0;

  const write = (batch: Batch, content: string, attempts: number, data: Record<string, unknown>) => {
    if (entry) {
      batch.completeItem(entry.itemId, { status: 'failed', content, data });
      entry = { ...entry, attempts };
      return;
    }
    entry = {
      itemId: batch.startItem({ ...place, type: 'error', status: 'failed', content, data }),
      attempts,
    };
  };

  return {
    retrying(batch, { error, delayMs }) {
      const message = masker.text(error.safeMessage).replace(/\.?$/, '.');
      const attempt = (entry?.attempts ?? 0) + 1;
      retried += 1;
      write(batch, `${message} Trying again in ${formatDuration(delayMs)}.`, attempt, {
        code: error.code,
        attempt,
        retryInMs: delayMs,
      });
    },
    failed(batch, { error, provider, model }) {
      const attempts = (entry?.attempts ?? 0) - retried + error.attempts;
      retried = 0;
      write(batch, `${model}: ${masker.text(error.safeMessage)}${triedText(attempts)}`, attempts, {
        code: error.code,
        provider,
        attempts,
        attempt: null,
        retryInMs: null,
      });
    },
    over() {
      entry = null;
      retried = 0;
    },
    current: () => entry,
  };
}

/** How often in words; nothing for once. */
export const triedText = (attempts: number): string => (attempts > 1 ? ` (tried ${attempts} times)` : '');
