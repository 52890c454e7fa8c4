import type { DecisionInput } from '../schema.ts';
import type { DecisionRequest } from './decision-request.ts';

/** What the dialog asks for before a decision is sent. */
export type DecisionMode =
  | 'approve'
  | 'approve-session'
  | 'deny'
  | 'answer'
  | 'decline'
  | 'continue'
  | 'conclude'
  | 'cancel';

/** What `y` and `n` mean for each kind of request. */
export const modesOf: Record<DecisionRequest['kind'], { yes: DecisionMode; no: DecisionMode }> = {
  tool: { yes: 'approve', no: 'deny' },
  question: { yes: 'answer', no: 'decline' },
  pause: { yes: 'continue', no: 'conclude' },
};

/** What the dialog asks for besides the confirmation. */
export type DecisionFields = 'scope' | 'answer' | 'iterations' | 'reason';

type ModeWords = {
  title: string;
  submit: string;
  fields: DecisionFields;
  /** What becomes of the words that are asked for. */
  hint: string;
  danger?: boolean;
};

const ITERATIONS_HINT = 'It goes on exactly where it stopped, and asks again when they are used up.';

export const modeWords: Record<DecisionMode, ModeWords> = {
  approve: { title: 'Approve this call?', submit: 'Approve once', fields: 'scope', hint: '' },
  'approve-session': { title: 'Approve this call?', submit: 'Approve once', fields: 'scope', hint: '' },
  deny: {
    title: 'Deny this call?',
    submit: 'Deny',
    fields: 'reason',
    hint: 'The agent reads it and looks for another way.',
    danger: true,
  },
  answer: {
    title: 'Answer the agent',
    submit: 'Send the answer',
    fields: 'answer',
    hint: 'The agent reads it and goes on.',
  },
  decline: {
    title: 'Decline to answer?',
    submit: 'Decline',
    fields: 'reason',
    hint: 'The agent reads it and goes on without an answer.',
    danger: true,
  },
  continue: {
    title: 'Let the agent continue?',
    submit: 'Continue',
    fields: 'iterations',
    hint: ITERATIONS_HINT,
  },
  conclude: {
    title: 'Have the agent conclude now?',
    submit: 'Conclude now',
    fields: 'reason',
    hint: 'The agent reads it, and writes its answer from what it has found.',
  },
  cancel: {
    title: 'Cancel this agent?',
    submit: 'Cancel agent',
    fields: 'reason',
    hint: 'It ends without an answer, and so do the agents it has started. The others of the session go on.',
    danger: true,
  },
};

/** What is sent, from what stands in the dialog's fields. */
export function decisionOf(
  mode: DecisionMode,
  { scope, words, iterations }: { scope: DecisionInput['scope']; words: string; iterations: number },
): Partial<DecisionInput> & Pick<DecisionInput, 'decision'> {
  const reason = words ? { reason: words } : {};
  switch (mode) {
    case 'approve':
    case 'approve-session':
      return { decision: 'approve', scope };
    case 'answer':
      return { decision: 'approve', answer: words };
    case 'deny':
    case 'decline':
      return { decision: 'deny', ...reason };
    case 'continue':
      return { decision: 'continue', iterations };
    case 'conclude':
      return { decision: 'conclude', ...reason };
    case 'cancel':
      return { decision: 'cancel', ...reason };
  }
}
