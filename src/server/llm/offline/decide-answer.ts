import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { answerChat } from './answer-chat.ts';
import { namesOf } from './chat-topics.ts';
import { findProblems, type Problem } from './check/find-problems.ts';
import { planCheck } from './check/plan-check.ts';
import { type CheckScope, focusOfCheck, inScope, readScope } from './check/scope.ts';
import { isTroubled } from './check/trouble.ts';
import { writeCheck } from './check/write-check.ts';
import type { Facts, PodFact } from './facts.ts';
import { type Focus, findFocus, selects } from './focus.ts';
import { gatherFacts } from './gather-facts.ts';
import { callKey, openToolbox, type Toolbox, toWireCall } from './known-tools.ts';
import { recognise } from './patterns/index.ts';
import { planSteps, sweepSteps } from './plan/index.ts';
import type { Step } from './plan/step.ts';
import { type Diagnosis, diagnose } from './rank-findings.ts';
import { readAlert, type Subject } from './read-alert.ts';
import { isSearchTool, readChat } from './read-chat.ts';
import { type Conversation, readConversation } from './read-conversation.ts';
import { CHECK_LIMITS, MAX_CALLS_PER_TURN, MAX_CALLS_TOTAL, MAX_QUERY_CHARS, MAX_TURNS } from './tunables.ts';
import { writeAnalysis } from './write-analysis.ts';
import { callsInNotes, writeCompaction } from './write-compaction.ts';
import { writeExecutiveSummary } from './write-executive-summary.ts';
import { writeSynthesis } from './write-synthesis.ts';

interface PlannedCall {
  toolCallId: string;
  toolName: string;
  args: Record<string, string | number | boolean>;
}

/** What the analyst says next: its thoughts, then either tool calls or a text. */
export interface Answer {
  thinking: string;
  calls: PlannedCall[];
  text: string;
}

interface View {
  conversation: Conversation;
  subject: Subject;
  facts: Facts;
  focus: Focus;
  diagnosis: Diagnosis;
  box: Toolbox;
}

/** The next step of the conversation: a pure function of what the call carries. */
export function decideAnswer(options: LanguageModelV4CallOptions): Answer {
  const conversation = readConversation(options);
  const offered = options.toolChoice?.type === 'none' ? [] : (options.tools ?? []);
  switch (conversation.task) {
    case 'executive_summary':
      return say(
        'Shortening the analysis to what a manager needs, by rule.',
        writeExecutiveSummary(conversation.lastUser),
      );
    case 'synthesis':
      return say(
        'Comparing the analyses of the stage by rule: the most certain cause leads.',
        writeSynthesis(conversation),
      );
    case 'compaction':
      return say(
        'Noting what was found so far.',
        writeCompaction(conversation, view(conversation, []).diagnosis),
      );
    case 'chat':
      return chat(conversation, offered);
    case 'forced_conclusion':
      if (conversation.openingTask === 'chat') return chat(conversation, []);
      if (conversation.openingTask === 'check')
        return concludeCheck(
          checkView(conversation, []),
          'The check was told to end here, so this rests on what had been read by then.',
        );
      return conclude(
        view(conversation, []),
        'The investigation was told to end here, so this rests on what had been read by then.',
      );
    case 'investigation':
      return investigate(view(conversation, offered));
    case 'check':
      return check(checkView(conversation, offered));
  }
}

function view(conversation: Conversation, offered: NonNullable<LanguageModelV4CallOptions['tools']>): View {
  const { alert } = conversation;
  const subject = readAlert(alert);
  const facts = gatherFacts(conversation.exchanges);
  const focus = findFocus(subject, facts);
  const diagnosis = diagnose(recognise({ facts, focus }), focus, facts);
  return { conversation, subject, facts, focus, diagnosis, box: openToolbox(offered, alert) };
}

function investigate(state: View): Answer {
  const { conversation, box } = state;
  if (box.tools.size === 0) {
    const none =
      conversation.exchanges.length === 0
        ? 'None of the offered tools is one that the offline analyst knows (the read-only tools of kubernetes-mcp-server), so it could not look at the cluster.'
        : '';
    return conclude(state, none);
  }
  const budget = MAX_CALLS_TOTAL - conversation.exchanges.length;
  if (conversation.toolTurns >= MAX_TURNS || budget <= 0)
    return conclude(state, "The analyst's own limit of look-ups was reached.");
  const next = openCalls(state, planSteps(state));
  const swept =
    next.length === 0 && state.diagnosis.primary === null ? openCalls(state, sweepSteps(state)) : next;
  const chosen = swept.slice(0, Math.min(MAX_CALLS_PER_TURN, budget));
  return chosen.length === 0 ? conclude(state, '') : lookUp(state, chosen);
}

type CheckView = Omit<View, 'diagnosis'> & { scope: CheckScope; problems: Problem[] };

function checkView(
  conversation: Conversation,
  offered: NonNullable<LanguageModelV4CallOptions['tools']>,
): CheckView {
  const { alert } = conversation;
  const subject = readAlert(alert);
  const facts = gatherFacts(conversation.exchanges);
  const scope = readScope(alert, subject, facts);
  const focus = focusOfCheck(scope, facts);
  const problems = findProblems({ facts, focus, scope });
  return { conversation, subject, facts, focus, scope, problems, box: openToolbox(offered, alert) };
}

/** Looks at everything in the scope, then at each thing that is wrong. */
function check(state: CheckView): Answer {
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
  const input = { subject: state.subject, facts, focus, isSuspect };
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
  return callTools(state, intro, chosen);
}

function concludeCheck(state: CheckView, limits: string): Answer {
  const { problems, scope, facts, conversation } = state;
  return say(
    problems.length === 0
      ? 'Nothing of what was read is wrong now. I write down what I looked at.'
      : 'I write down each problem, the deepest cause first.',
    writeCheck({ problems, scope, facts, exchanges: conversation.exchanges, limits }),
  );
}

interface OpenCall {
  step: Step;
  toolName: string;
  args: PlannedCall['args'];
}

/** The calls of the steps that can be made and were not made before. */
function openCalls({ conversation, box }: Pick<View, 'conversation' | 'box'>, steps: Step[]): OpenCall[] {
  const made = new Set([
    ...conversation.exchanges.map((exchange) => callKey(exchange.toolName, exchange.args)),
    ...callsInNotes(conversation.laterUser),
  ]);
  return steps.flatMap((step) => {
    const call = toWireCall(box, step.lookup);
    if (!call) return [];
    const key = callKey(call.toolName, call.args);
    if (made.has(key)) return [];
    made.add(key);
    return [{ step, toolName: call.toolName, args: call.args }];
  });
}

function lookUp(state: View, chosen: OpenCall[]): Answer {
  const { conversation, diagnosis, box } = state;
  const first = conversation.exchanges.length === 0;
  const intro = first
    ? `Rule-based analysis, no language model. The alert ${describeSubject(state)}${box.otherServers.length > 0 ? ` Of the servers offered I ask ${box.server}.` : ''}`
    : diagnosis.primary
      ? `So far this fits: ${diagnosis.primary.cause} I check it further.`
      : 'Nothing that I know has shown itself yet.';
  return callTools(state, intro, chosen);
}

function callTools({ conversation }: Pick<View, 'conversation'>, intro: string, chosen: OpenCall[]): Answer {
  return {
    thinking: `${intro} I look at ${chosen.map((call) => call.step.why).join('; ')}.`,
    calls: chosen.map((call, index) => ({
      toolCallId: `offline-${conversation.exchanges.length + index + 1}-${shortHash(callKey(call.toolName, call.args))}`,
      toolName: call.toolName,
      args: call.args,
    })),
    text: '',
  };
}

function describeSubject({ subject, focus }: View): string {
  const objects = subject.objects
    .filter((object) => object.kind !== 'container' && !/^[\d.]+$/.test(object.name))
    .slice(0, 3)
    .map((object) => `${object.kind} ${object.name}`);
  const where =
    focus.namespaces.length > 0 ? `namespace ${focus.namespaces.join(', ')}` : 'no namespace for certain';
  return `names ${where}${objects.length > 0 ? ` and ${objects.join(', ')}` : ''}.`;
}

function conclude(state: View, limits: string): Answer {
  const { diagnosis, focus, facts, conversation } = state;
  const thinking = diagnosis.primary
    ? `The pattern "${diagnosis.primary.pattern}" explains the alert with ${diagnosis.primary.confidence} confidence. I write down what was found.`
    : 'No failure pattern that I know fits what was read. I say what I looked at and give no cause.';
  return {
    thinking,
    calls: [],
    text: writeAnalysis({ diagnosis, focus, facts, exchanges: conversation.exchanges, limits }),
  };
}

/** A question about an investigation: one search of what the session holds, then the answer from it. */
function chat(conversation: Conversation, offered: NonNullable<LanguageModelV4CallOptions['tools']>): Answer {
  const { search, question, words } = readChat(conversation);
  const tool = offered.find(({ name }) => isSearchTool(name));
  if (search !== null || !tool || words.length === 0) {
    return say('I answer by rule from the analysis and from what was found.', answerChat(conversation));
  }
  const also = words.flatMap((word) => namesOf(word).slice(1));
  const query = [question.slice(0, MAX_QUERY_CHARS), ...also].join(' ');
  return {
    thinking:
      'Rule-based, no language model. I look for lines in this session that hold the words of the question.',
    calls: [{ toolCallId: `offline-chat-${shortHash(query)}`, toolName: tool.name, args: { query } }],
    text: '',
  };
}

function say(thinking: string, text: string): Answer {
  return { thinking, calls: [], text };
}

/** FNV-1a over the call, so that ids differ between conversations that make different calls. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash.toString(36);
}
