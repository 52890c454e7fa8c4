import { isTerminal, type SessionListItem, type SessionView } from '#src/features/sessions/schema.ts';
import { formatSpend } from '#src/lib/format-number.ts';

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
    `${counts.llmCalls} model calls, ${counts.toolCalls} tool calls, ${usage.inputTokens + usage.outputTokens} tokens${spend === null ? '' : `, ${spend}`}`,
    ...(session.queuePosition === null ? [] : [`waiting in the queue at place ${session.queuePosition}`]),
    ...describeOpenAgents(session),
    ...(session.error === null ? [] : ['', session.error]),
    ...(session.executiveSummary === null ? [] : ['', session.executiveSummary]),
    ...(session.finalAnalysis === null ? [] : ['', session.finalAnalysis]),
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
