import { outcomeOfItem, readApprovalData } from '#src/features/approvals/components/index.ts';
import type { SessionState } from '../session-state.ts';

/** How a request of the session went, as its entry in the timeline tells; null while it waits, and when it is unknown. */
export function findOutcome({ session, items }: SessionState, approvalId: string) {
  if (session.pendingApprovals.some(({ id }) => id === approvalId)) return null;
  for (const item of items) {
    const data = readApprovalData(item);
    if (data?.approvalId === approvalId) return outcomeOfItem(item, data);
  }
  return null;
}
