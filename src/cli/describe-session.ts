import { isTerminal, type SessionListItem, type SessionView } from '#src/features/sessions/schema.ts';
import { formatCount, formatSpend } from '#src/lib/format-number.ts';
import { describePending } from './describe-approval.ts';

/** Cells of one row of `session list`. */
export const describeSessionRow = (session: SessionListItem): string[] => [
  session.id,
  session.status,
  session.createdAt.replace(/\.\d+Z$/, 'Z'),
  session.severity ?? '-',
  session.title,
];

/** A session in a few lines for a terminal, its answer last. */
export function describeSession(session: SessionView): string[] {
  const reason = session.statusReason ? ` (${session.statusReason})` : '';
  const { usage, counts } = session;
  const spend = formatSpend(usage);
  return [
    `${session.title}: ${session.status}${reason}`,
    `session ${session.id}, chain ${session.chain}, created ${session.createdAt}${describeDuration(session)}`,
    `${counts.llmCalls} model calls, ${counts.toolCalls} tool calls, ${formatCount(usage.inputTokens + usage.outputTokens)} tokens${spend === null ? '' : `, ${spend}`}`,
    ...(session.queuePosition === null ? [] : [`waiting in the queue at place ${session.queuePosition}`]),
    ...describeVerdicts(session),
    ...describeOpenAgents(session),
    ...session.pendingApprovals.flatMap(describePending),
    ...(session.error === null ? [] : ['', session.error]),
    ...(session.executiveSummary === null ? [] : ['', session.executiveSummary]),
    ...(session.finalAnalysis === null ? [] : ['', session.finalAnalysis]),
  ];
}

/** What the judge and people made of it, as far as there is anything. */
function describeVerdicts({ score, review }: SessionView): string[] {
  const { status, assignee, rating, actionTaken, note } = review;
  const by = assignee ? ` by ${assignee}` : '';
  const reviewed = [
    `${(status ?? '').replaceAll('_', ' ')}${by}${rating ? `, ${rating.replaceAll('_', ' ')}` : ''}`,
    ...(actionTaken ? [`done: ${actionTaken}`] : []),
    ...(note ? [`note: ${note}`] : []),
  ];
  return [
    ...(score === null ? [] : [`score ${score} of 100`]),
    ...(status === null ? [] : [`review: ${reviewed.join('; ')}`]),
  ];
}

/** The agents that have not ended, with the ids by which they are cancelled alone. */
function describeOpenAgents({ stages, pendingApprovals }: SessionView): string[] {
  const open = stages.flatMap(({ executions }) => executions).filter(({ status }) => !isTerminal(status));
  return open.map(({ id, agent, status }) => {
    const isPaused = pendingApprovals.some(({ kind, executionId }) => kind === 'pause' && executionId === id);
    return `agent ${agent}: ${isPaused ? 'paused, waits for a decision' : status}, ${id}`;
  });
}

function describeDuration({ startedAt, completedAt }: SessionView): string {
  if (startedAt === null || completedAt === null) return '';
  return `, took ${((Date.parse(completedAt) - Date.parse(startedAt)) / 1000).toFixed(1)} s`;
}
