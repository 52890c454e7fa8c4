import { cancelFollowUp } from '#src/features/follow-ups/server/index.ts';
import type { RunStatus } from '#src/features/sessions/schema.ts';
import type { Kernel } from '#src/server/kernel.ts';

/** Cancels a question that waits, or the answer that is being written. The next question is answered all the same. */
export const cancelTurn = (
  kernel: Kernel,
  options: { projectId: string; sessionId: string; turnId: string; actor: string },
): Promise<{ status: RunStatus }> => {
  const { projectId, sessionId, turnId: followUpId, actor } = options;
  return cancelFollowUp(kernel, { projectId, sessionId, followUpId, actor, kind: 'chat', what: 'answer' });
};
