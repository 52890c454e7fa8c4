import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { PodFact } from '../facts.ts';
import { selects } from '../focus.ts';
import { gatherFacts } from '../gather-facts.ts';
import { openToolbox } from '../known-tools.ts';
import { type Answer, callTools, openCalls, type View } from '../look-up.ts';
import { readAlert } from '../read-alert.ts';
import type { Conversation } from '../read-conversation.ts';
import { CHECK_LIMITS, MAX_CALLS_PER_TURN } from '../tunables.ts';
import { findProblems, type Problem } from './find-problems.ts';
import { planCheck } from './plan-check.ts';
import { type CheckScope, focusOfCheck, inScope, readScope } from './scope.ts';
import { isTroubled } from './trouble.ts';
import { writeCheck } from './write-check.ts';

type Offered = NonNullable<LanguageModelV4CallOptions['tools']>;

/** The next step of a check: everything in the scope is looked at, then each thing that is wrong. */
export const decideCheck = (conversation: Conversation, offered: Offered): Answer =>
  look(checkView(conversation, offered));

/** The answer of a check that was told to end. */
export const endCheck = (conversation: Conversation): Answer =>
  concludeCheck(
    checkView(conversation, []),
    'The check was told to end here, so this rests on what had been read by then.',
  );

type CheckView = Omit<View, 'diagnosis' | 'areas'> & { scope: CheckScope; problems: Problem[] };

function checkView(conversation: Conversation, offered: Offered): CheckView {
  const { alert } = conversation;
  const subject = readAlert(alert);
  const facts = gatherFacts(conversation.exchanges);
  const scope = readScope(alert, subject, facts);
  const focus = focusOfCheck(scope, facts);
  const problems = findProblems({ facts, focus, scope });
  return { conversation, subject, facts, focus, scope, problems, box: openToolbox(offered, alert) };
}

function look(state: CheckView): Answer {
  const { conversation, box, scope, facts, focus } = state;
  if (box.tools.size === 0) {
    const isBlind = conversation.exchanges.length === 0;
    return concludeCheck(
      state,
      isBlind
        ? 'None of the offered tools is one that the offline analyst knows (the read-only tools of kubernetes-mcp-server), so it could not look at the cluster.'
        : '',
    );
  }
  const budget = CHECK_LIMITS.calls - conversation.exchanges.length;
  if (conversation.toolTurns >= CHECK_LIMITS.turns || budget <= 0)
    return concludeCheck(state, "The analyst's own limit of look-ups was reached.");
  const isSuspect = (pod: PodFact) =>
    inScope(scope, pod.namespace) &&
    (isTroubled(pod) ||
      focus.services.some(
        (service) => service.namespace === pod.namespace && selects(service.selector, pod.labels),
      ));
  const input = { subject: state.subject, facts, focus, isSuspect, areas: [] };
  const chosen = openCalls(
    state,
    planCheck(input, scope, { begun: conversation.exchanges.length > 0 }),
  ).slice(0, Math.min(MAX_CALLS_PER_TURN, budget));
  if (chosen.length === 0) return concludeCheck(state, '');
  const intro =
    conversation.exchanges.length === 0
      ? 'Rule-based check, no language model.'
      : state.problems.length === 0
        ? 'Nothing wrong has shown itself so far.'
        : `So far ${state.problems.length} ${state.problems.length === 1 ? 'thing is' : 'things are'} wrong.`;
  return callTools(conversation, intro, chosen);
}

function concludeCheck(state: CheckView, limits: string): Answer {
  const { problems, scope, facts, conversation } = state;
  const thinking =
    problems.length === 0
      ? 'Nothing of what was read is wrong now. I write down what I looked at.'
      : 'I write down each problem, the deepest cause first.';
  const text = writeCheck({ problems, scope, facts, exchanges: conversation.exchanges, limits });
  return { thinking, calls: [], text };
}
