import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { Facts } from './facts.ts';
import { type Focus, findFocus } from './focus.ts';
import { gatherFacts } from './gather-facts.ts';
import { callKey, type Lookup, openToolbox, type Toolbox, toWireCall } from './known-tools.ts';
import { recognise } from './patterns/index.ts';
import { planSteps, sweepSteps } from './plan/index.ts';
import type { Step } from './plan/step.ts';
import { type Diagnosis, diagnose } from './rank-findings.ts';
import { readAlert, type Subject } from './read-alert.ts';
import { type Area, readAreas } from './read-areas.ts';
import type { Conversation } from './read-conversation.ts';
import { MAX_CALLS_PER_TURN, MAX_CALLS_TOTAL, MAX_TURNS } from './tunables.ts';
import { callsInNotes } from './write-compaction.ts';

interface PlannedCall {
  toolCallId: string;
  toolName: string;
  args: Record<string, string | number | boolean>;
}

/** What the analyst says next: its thoughts, then either tool calls or a text (with a proposal: both). */
export interface Answer {
  thinking: string;
  calls: PlannedCall[];
  text: string;
  /** Whether the calls are made only after a while, so that what was changed can take effect. */
  settles?: boolean;
}

/** Everything that can be told from a conversation. */
export interface View {
  conversation: Conversation;
  subject: Subject;
  facts: Facts;
  focus: Focus;
  diagnosis: Diagnosis;
  box: Toolbox;
  /** Areas that the agent's own task is limited to; empty for all. */
  areas: readonly Area[];
}

/** Reads a conversation with the tools that it offers now. */
export function viewOf(
  conversation: Conversation,
  offered: NonNullable<LanguageModelV4CallOptions['tools']>,
): View {
  const { alert } = conversation;
  const subject = readAlert(alert);
  const facts = gatherFacts(conversation.exchanges);
  const focus = findFocus(subject, facts);
  const diagnosis = diagnose(recognise({ facts, focus }), focus, facts);
  const areas = readAreas(conversation.system);
  return { conversation, subject, facts, focus, diagnosis, box: openToolbox(offered, alert), areas };
}

/** The next look-ups of an investigation, or why there is none (empty when all has been asked). */
export function planLookups(state: View): { calls: OpenCall[]; limits: string } {
  const { conversation, box } = state;
  if (box.tools.size === 0) {
    const none =
      conversation.exchanges.length === 0
        ? 'None of the offered tools is one that the offline analyst knows (the read-only tools of kubernetes-mcp-server), so it could not look at the cluster.'
        : '';
    return { calls: [], limits: none };
  }
  const budget = MAX_CALLS_TOTAL - conversation.exchanges.length;
  if (conversation.toolTurns >= MAX_TURNS || budget <= 0)
    return { calls: [], limits: "The analyst's own limit of look-ups was reached." };
  const next = openCalls(state, planSteps(state));
  const swept =
    next.length === 0 && state.diagnosis.primary === null ? openCalls(state, sweepSteps(state)) : next;
  const calls = swept.slice(0, Math.min(MAX_CALLS_PER_TURN, budget));
  const limits =
    calls.length === 0 && state.areas.length > 0 ? `Its task was limited to ${state.areas.join(', ')}.` : '';
  return { calls, limits };
}

export interface OpenCall {
  step: Step;
  toolName: string;
  args: PlannedCall['args'];
}

/** The calls of the steps that can be made and were not made before. */
export function openCalls(
  { conversation, box }: Pick<View, 'conversation' | 'box'>,
  steps: readonly Step[],
): OpenCall[] {
  const made = new Set([
    ...conversation.exchanges.map((exchange) => callKey(exchange.toolName, exchange.args)),
    ...callsInNotes(conversation.laterUser),
  ]);
  return steps.flatMap((step) => {
    const call = callFor(box, step);
    if (!call) return [];
    const key = callKey(call.toolName, call.args);
    if (made.has(key)) return [];
    made.add(key);
    return [call];
  });
}

/** The call of a step, whether or not it was made before. */
export function callFor(box: Toolbox, step: { lookup: Lookup; why: string }): OpenCall | null {
  const call = toWireCall(box, step.lookup);
  return call && { step, toolName: call.toolName, args: call.args };
}

/** An answer that makes calls and says what for. */
export function lookUp(state: View, chosen: readonly OpenCall[]): Answer {
  const { conversation, diagnosis, box } = state;
  const first = conversation.exchanges.length === 0;
  const intro = first
    ? `Rule-based analysis, no language model. The alert ${describeSubject(state)}${box.otherServers.length > 0 ? ` Of the servers offered I ask ${box.server}.` : ''}${state.areas.length > 0 ? ` My task is limited to ${state.areas.join(', ')}.` : ''}`
    : diagnosis.primary
      ? `So far this fits: ${diagnosis.primary.cause} I check it further.`
      : 'Nothing that I know has shown itself yet.';
  return callTools(conversation, intro, chosen);
}

/** An answer that makes calls, after an introduction. */
export function callTools(conversation: Conversation, intro: string, chosen: readonly OpenCall[]): Answer {
  return {
    thinking: `${intro} I look at ${chosen.map((call) => call.step.why).join('; ')}.`,
    calls: numberCalls(conversation, chosen),
    text: '',
  };
}

/** Calls with ids that differ within the conversation. */
export function numberCalls(
  conversation: Conversation,
  calls: readonly { toolName: string; args: PlannedCall['args'] }[],
): PlannedCall[] {
  return calls.map(({ toolName, args }, index) => ({
    toolCallId: `offline-${conversation.exchanges.length + index + 1}-${shortHash(callKey(toolName, args))}`,
    toolName,
    args,
  }));
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

/** FNV-1a over the call, so that ids differ between conversations that make different calls. */
export function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash.toString(36);
}
