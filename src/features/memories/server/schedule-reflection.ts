import { createFollowUp } from '#src/features/follow-ups/server/index.ts';
import type { Transaction } from '#src/server/db/database.ts';
import type { Kernel } from '#src/server/kernel.ts';

/**
 * Has memories drawn from a session, after its scoring or a person's review, through the caller's transaction. Nothing
 * happens when memory is switched off.
 */
export async function scheduleReflection(
  kernel: Kernel,
  sql: Transaction,
  options: { sessionId: string; author: string; cause: 'score' | 'review' },
): Promise<void> {
  if (!kernel.config.current().memory.enabled) return;
  const { sessionId, author, cause } = options;
  await createFollowUp(sql, {
    sessionId,
    kind: 'reflection',
    author,
    data: { cause },
    stage: { name: 'reflection', type: 'scoring' },
  });
}
