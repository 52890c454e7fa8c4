import { AppError } from '#src/server/errors.ts';
import type { DecisionInput } from '../schema.ts';
import type { OpenApproval, Settlement } from './settle-approval.ts';

type Kind = OpenApproval['kind'];

/** What may be decided on each kind of request, and what that makes of it. */
const DECISIONS: Record<Kind, Partial<Record<DecisionInput['decision'], Settlement['status']>>> = {
  tool: { approve: 'approved', deny: 'denied' },
  question: { approve: 'approved', deny: 'denied' },
  pause: { continue: 'approved', conclude: 'denied', cancel: 'cancelled' },
};

const NAMES: Record<Kind, string> = { tool: 'a tool call', question: 'a question', pause: 'a paused agent' };

/** Throws `bad_request` naming the field when a decision does not fit the kind of request. */
export function assertFits(
  kind: Kind,
  {
    decision,
    answer,
    scope,
    iterations,
  }: Pick<DecisionInput, 'decision' | 'answer' | 'scope' | 'iterations'>,
): void {
  const refuse = (path: string, message: string) =>
    new AppError('bad_request', message, { fields: [{ path, message }] });
  if (!DECISIONS[kind][decision]) {
    const choices = Object.keys(DECISIONS[kind]).map((name) => `"${name}"`);
    throw refuse('decision', `This is ${NAMES[kind]}: decide ${choices.join(' or ')}.`);
  }
  if (kind !== 'question' && answer !== undefined)
    throw refuse('answer', `This is ${NAMES[kind]}, which takes no answer; use "reason".`);
  if (iterations !== undefined && decision !== 'continue')
    throw refuse('iterations', 'A number of iterations goes with "continue" only.');
  if (scope === 'session' && kind === 'pause')
    throw refuse('scope', 'The decision holds for this pause only.');
  if (kind !== 'question') return;
  if (decision === 'approve' && answer === undefined)
    throw refuse('answer', 'This is a question: give the answer, or "deny" it.');
  if (scope === 'session') throw refuse('scope', 'An answer holds for its question only.');
}

/** What a decision that fits is written down as. `more` is how many iterations a pause offers; `reason` is masked. */
export function settlementOf(
  { decision, scope, iterations, actor }: DecisionInput & { actor: string },
  { reason, more }: { reason: string | null; more: number },
): Settlement {
  const by = { decidedBy: actor, reason };
  switch (decision) {
    case 'approve':
      return { ...by, status: 'approved', scope, granted: null };
    case 'continue':
      return { ...by, status: 'approved', scope: 'once', granted: iterations ?? more };
    case 'deny':
    case 'conclude':
      return { ...by, status: 'denied', scope: 'once', granted: null };
    case 'cancel':
      return { ...by, status: 'cancelled', scope: 'once', granted: null };
  }
}
