import type { Pause } from '#src/features/approvals/server/index.ts';
import { inertText } from '#src/lib/inert-text.ts';
import type { OnIterationLimit } from '#src/server/config/index.ts';

/** How far an execution may go, and what it does there. */
export type IterationLimit = {
  /** Model answers in all: the configured number, and what people have added. */
  allowed: number;
  /** `ask`: ask people whether to go on. `wait`: they have been asked, and have not decided. */
  atLimit: { action: 'ask' } | { action: 'wait' } | { action: 'conclude'; reason: string };
};

/** The limit of an execution, from its settings and from what people have said at its pauses (oldest first). */
export function iterationLimit(
  settings: { maxIterations: number; onIterationLimit: OnIterationLimit },
  pauses: readonly Pause[],
): IterationLimit {
  const added = pauses.reduce((sum, { granted }) => sum + (granted ?? 0), 0);
  const allowed = settings.maxIterations + added;
  return { allowed, atLimit: decideAtLimit(settings.onIterationLimit, pauses.at(-1), allowed) };
}

function decideAtLimit(
  policy: OnIterationLimit,
  last: Pause | undefined,
  allowed: number,
): IterationLimit['atLimit'] {
  switch (last?.status) {
    case 'pending':
    // The agent is about to be ended; it does nothing more by itself.
    case 'cancelled':
      return { action: 'wait' };
    case 'denied':
      return { action: 'conclude', reason: describeConclusion(last) };
    case 'expired':
      return {
        action: 'conclude',
        reason: `Nobody decided in time whether to go on after ${last.atIterations} iterations.`,
      };
    case 'approved':
    case undefined:
      return policy === 'pause'
        ? { action: 'ask' }
        : { action: 'conclude', reason: `The limit of ${allowed} iterations is reached.` };
  }
}

function describeConclusion({ decidedBy, atIterations, reason }: Pause): string {
  const because = reason ? ` Reason given: ${reason}` : '';
  const words = `${decidedBy ?? 'A person'} asked for the conclusion after ${atIterations} iterations.${because}`;
  // It becomes part of what TARS says to the model.
  return inertText(words, { references: 'inert' });
}
