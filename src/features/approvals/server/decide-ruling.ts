import type { ToolPolicy } from '#src/server/mcp/index.ts';
import type { ApprovalStatus } from '../schema.ts';

/** What is known of the request for a call, if one was made. */
export type RequestedDecision = {
  kind: 'tool' | 'question';
  status: ApprovalStatus;
  decidedBy: string | null;
  reason: string | null;
};

export type Ruling =
  | { action: 'run' }
  /** Nobody has been asked yet. */
  | { action: 'ask'; kind: 'tool' | 'question'; why: string }
  /** Somebody has been asked and has not decided. */
  | { action: 'wait' }
  /** Not to be made; the view is for the model. */
  | { action: 'refuse'; view: string }
  /** A person has answered. */
  | { action: 'answer'; view: string };

/**
 * Whether a call may be made now. A decision that was taken for exactly this call comes first, then the policy, then what
 * was allowed for the rest of the session.
 */
export function decideRuling(facts: {
  policy: ToolPolicy | { action: 'question'; why: string };
  decision: RequestedDecision | null;
  /** Somebody has allowed this tool for the rest of the session. */
  granted: boolean;
}): Ruling {
  const { policy, decision, granted } = facts;
  if (decision) return rulingOf(decision);
  switch (policy.action) {
    case 'run':
      return { action: 'run' };
    case 'question':
      return { action: 'ask', kind: 'question', why: policy.why };
    case 'approve':
      return granted ? { action: 'run' } : { action: 'ask', kind: 'tool', why: policy.why };
  }
}

function rulingOf({ kind, status, decidedBy, reason }: RequestedDecision): Ruling {
  const who = decidedBy ?? 'a person';
  const because = reason ? ` Reason given: ${reason}` : '';
  switch (status) {
    case 'pending':
      return { action: 'wait' };
    case 'approved':
      return kind === 'question'
        ? { action: 'answer', view: `${who} answers: ${reason ?? 'yes'}` }
        : { action: 'run' };
    case 'denied':
      return {
        action: 'refuse',
        view:
          kind === 'question'
            ? `${who} does not answer this question.${because}`
            : // What a person wrote comes last: nothing of ours runs on from it.
              `Not run: ${who} denied this call. Do not try to reach the same in another way; go on without it.${because}`,
      };
    case 'expired':
      return {
        action: 'refuse',
        view:
          kind === 'question'
            ? 'Nobody answered in time. Go on without the answer and say what depends on it.'
            : 'Not run: nobody decided in time, so the request for approval expired, which counts as a denial. Suggest the change in your answer instead.',
      };
    case 'cancelled':
      return { action: 'refuse', view: 'Not run: the request was withdrawn.' };
  }
}
