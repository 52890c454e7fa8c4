import { decideApproval } from '#src/features/approvals/server/index.ts';
import type { Kernel } from '#src/server/kernel.ts';

const REASON =
  'Nobody is here to approve or to answer. Go on without it, and say in your answer what you would have done.';

/** Denies what a run waits for, since nobody watches an evaluation. Returns whether there was anything to deny. */
export async function denyRequests(
  kernel: Kernel,
  options: { projectId: string; sessionId: string },
): Promise<boolean> {
  const { projectId, sessionId } = options;
  const pending = await kernel.database.prisma.approval.findMany({
    where: { projectId, sessionId, status: 'pending' },
    orderBy: { requestedAt: 'asc' },
    select: { id: true },
  });
  for (const { id } of pending) {
    await decideApproval(kernel, {
      projectId,
      approvalId: id,
      actor: 'evaluation',
      decision: 'deny',
      reason: REASON,
      scope: 'once',
    });
  }
  return pending.length > 0;
}
