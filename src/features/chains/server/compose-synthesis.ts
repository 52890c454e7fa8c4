import {
  type AlertFacts,
  composeAlertSection,
  composeCheckOutcome,
  cut,
  delimit,
} from '#src/features/agents/server/index.ts';
import type { CheckTask } from '#src/features/check-outcomes/server/index.ts';
import { inertText } from '#src/lib/inert-text.ts';
import type { AgentRecord } from './load-stage-record.ts';
import { SYNTHESIS_CONTEXT_SHARE, SYNTHESIS_RESULT_MAX_CHARS } from './tunables.ts';

/** The task of a synthesis: every agent's timeline and answer as data, failed ones with their error. */
export function composeSynthesis(options: {
  alert: AlertFacts;
  check: CheckTask | null;
  stage: string;
  agents: readonly AgentRecord[];
  contextChars: number;
}): string {
  const { alert, check, stage, agents, contextChars } = options;
  const succeeded = agents.filter(({ status }) => status === 'completed').length;
  const roomChars = Math.floor((contextChars * SYNTHESIS_CONTEXT_SHARE) / Math.max(1, agents.length));
  return [
    'TARS-TASK: synthesis',
    composeAlertSection(alert, contextChars),
    `${agents.length} agents worked on stage "${stage}" independently; ${succeeded} of ${agents.length} came to an answer. What each did and found:`,
    ...agents.map((agent) => composeAgent(agent, roomChars)),
    'Write one answer in the format asked for. Keep the references [tool: <id>] of what you take over; do not invent any. Name contradictions and say which side the evidence favours. An agreement without evidence counts for nothing.',
    ...(check ? [composeCheckOutcome(check)] : []),
  ].join('\n\n');
}

/** The answer has the room first; what is left is for how it came about, the newest last. */
function composeAgent(agent: AgentRecord, roomChars: number): string {
  const answer = cut(
    agent.result ?? foreign(`No answer: ${agent.error ?? agent.status}`),
    Math.floor(roomChars / 2),
  );
  const timeline = cut(agent.entries.flatMap(describeEntry).join('\n'), roomChars - answer.length);
  const record = `Timeline:\n${timeline}\n\nAnswer:\n${answer}`;
  // Its own references are kept; those that tools wrote have lost their form below.
  return delimit(`agent "${agent.agent}", ${agent.status}`, record, { references: 'kept' });
}

function describeEntry({ type, content, data }: AgentRecord['entries'][number]): string[] {
  if (type !== 'tool_call') {
    // Only an agent's own words refer to results: errors and summaries repeat what servers said.
    const text = type === 'response' ? content : foreign(content);
    return content === '' ? [] : [`- ${type.replace('_', ' ')}: ${oneLine(text)}`];
  }
  const result = textOf(data.result) || textOf(data.error) || textOf(data.refused);
  const call = `${textOf(data.server)}.${textOf(data.tool)} ${JSON.stringify(data.arguments ?? {})}`;
  const said = oneLine(foreign(`${call} → ${result}`));
  return [`- call ${said} [tool: ${textOf(data.callId)}]`];
}

const foreign = (text: string): string => inertText(text, { references: 'inert' });

const oneLine = (text: string): string =>
  cut(text.replaceAll(/\s+/g, ' ').trim(), SYNTHESIS_RESULT_MAX_CHARS);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
