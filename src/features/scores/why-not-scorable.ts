import { isTerminal, type RunStatus } from '#src/features/sessions/schema.ts';

/** Why a session cannot be scored, in words; null when it can. What failed or was stopped on its way can: it has done something. */
export function whyNotScorable({ status, hasRun }: { status: RunStatus; hasRun: boolean }): string | null {
  if (!isTerminal(status))
    return `The session is still in progress (${status}); it can be scored when it has ended.`;
  if (!hasRun) return 'The session ended before it began to run; there is nothing to score.';
  return null;
}
