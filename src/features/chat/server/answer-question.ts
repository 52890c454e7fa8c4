import {
  linkEvidence,
  openBudget,
  openImageRoom,
  type RunContext,
  runExecution,
} from '#src/features/agents/server/index.ts';
import { loadEvidenceTargets, loadRunSession } from '#src/features/chains/server/index.ts';
import type { FollowUpHandler, FollowUpOutcome, FollowUpRun } from '#src/features/follow-ups/server/index.ts';
import { createMemoryTools } from '#src/features/memories/server/index.ts';
import {
  type ExecutionRow,
  loadRunRows,
  newExecution,
  saveExecution,
} from '#src/features/sessions/server/index.ts';
import { type ResolvedExecution, resolveSupportExecution } from '#src/server/config/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { composeChatPrompt } from './compose-chat-prompt.ts';
import { loadChatContext } from './load-chat-context.ts';
import { createTimelineTools } from './timeline-tools.ts';

/**
 * Answers one question: the chat agent of the session's chain in the same loop as an investigation, with the chain's tools
 * and those over the session itself. Called again after an interruption or a decision, it goes on from its rows.
 */
export const answerQuestion: FollowUpHandler = async (kernel, run) => {
  const { followUp, recorder, masker, signal } = run;
  const { pool } = kernel.database;
  const { author, authorId } = followUp;
  const session = {
    ...(await loadRunSession(pool, followUp.sessionId)),
    // With the rights of whoever asks, not of whoever had it investigated.
    actsFor: authorId === null ? null : { userId: authorId, name: author },
  };
  const settings = resolveSupportExecution({
    config: session.snapshot,
    chain: session.snapshot.chain,
    role: 'chat',
    alertMcp: session.mcpSelection?.servers ?? null,
    alertNativeTools: session.mcpSelection?.nativeTools,
  });
  const execution = await openExecution(kernel, run, settings);
  if (execution.completedAt === null) {
    const budget = await openBudget(kernel, session, { isFollowUp: true });
    const context: RunContext = {
      kernel,
      session,
      recorder,
      masker,
      budget,
      images: openImageRoom(pool, session.id),
      signal,
      log: kernel.log,
      tools: createMemoryTools(kernel, { projectId: session.projectId, sessionId: session.id }),
    };
    await runExecution(context, {
      execution,
      settings,
      purpose: 'chat',
      tools: createTimelineTools(pool, { sessionId: session.id, followUpId: followUp.id }),
      compose: async ({ contextChars }) =>
        composeChatPrompt(await loadChatContext(pool, { session, followUp }), contextChars),
    });
  }
  return conclude(run, execution);
};

async function openExecution(
  kernel: Kernel,
  { followUp, recorder }: FollowUpRun,
  settings: ResolvedExecution,
): Promise<ExecutionRow> {
  const [entry] = await loadRunRows(kernel.database.pool, followUp.sessionId, followUp.id);
  if (!entry) throw new Error(`the stage of chat turn ${followUp.id} is gone`);
  const existing = entry.executions.find(({ parentExecutionId }) => parentExecutionId === null);
  if (existing) return existing;
  const execution = newExecution({
    sessionId: followUp.sessionId,
    stageId: entry.stage.id,
    index: 0,
    agent: settings.agent,
    provider: settings.llmProvider,
    model: kernel.config.current().llmProviders[settings.llmProvider]?.model ?? '',
  });
  await recorder.commit((batch) => saveExecution(batch, execution));
  return execution;
}

async function conclude(run: FollowUpRun, execution: ExecutionRow): Promise<FollowUpOutcome> {
  if (execution.status === 'waiting') return { status: 'waiting' };
  if (execution.status === 'cancelled') {
    return { status: 'cancelled', error: execution.error ?? 'The answer was cancelled.' };
  }
  if (execution.status !== 'completed') {
    return { status: 'failed', error: execution.error ?? 'The answer did not come to an end.' };
  }
  const result = execution.result ?? '';
  await linkAnswer(run, execution, result);
  return { status: 'completed', result };
}

/** Marks the last text of the turn as its answer, with links from its references to the tool calls of the session. */
function linkAnswer(
  { recorder, followUp }: FollowUpRun,
  execution: ExecutionRow,
  answer: string,
): Promise<void> {
  return recorder.commit(async (batch) => {
    const { rows } = await batch.sql.query<{ id: string }>(
      `select id from timeline_item where session_id = $1 and execution_id = $2 and type = 'response' and status = 'completed'
       order by seq desc limit 1`,
      [followUp.sessionId, execution.id],
    );
    const item = rows[0];
    if (!item) return;
    const evidence = linkEvidence(answer, await loadEvidenceTargets(batch.sql, followUp.sessionId));
    batch.patchItem(item.id, { answer: true, evidence });
  });
}
