import { type ExecutionRow, saveExecution } from '#src/features/sessions/server/index.ts';
import type { ResolvedExecution } from '#src/server/config/index.ts';
import { askOnce } from './ask-once.ts';
import { composeSummaryPrompt } from './compose-prompt.ts';
import type { RunContext } from './run-context.ts';
import { SUMMARY_MAX_OUTPUT_TOKENS } from './tunables.ts';

export type SummaryOutcome = { summary: string } | { error: string };

/**
 * Has the executive summary written: one call, the fallback providers in turn. Fails open: a missing summary is an outcome
 * with its reason, never the session's failure. Throws only when the run's signal aborts.
 */
export async function writeSummary(
  context: RunContext,
  options: { execution: ExecutionRow; settings: ResolvedExecution; analysis: string },
): Promise<SummaryOutcome> {
  const { execution } = options;
  await context.recorder.commit((batch) =>
    saveExecution(
      batch,
      Object.assign(execution, { status: 'running', startedAt: new Date().toISOString() }),
    ),
  );
  const outcome = await tryProviders(context, options);
  await context.recorder.commit(async (batch) => {
    const ok = 'summary' in outcome;
    Object.assign(execution, {
      status: ok ? 'completed' : 'failed',
      result: ok ? outcome.summary : null,
      error: ok ? null : outcome.error,
      completedAt: new Date().toISOString(),
    });
    saveExecution(batch, execution);
    batch.startItem({
      stageId: execution.stageId,
      executionId: execution.id,
      type: ok ? 'executive_summary' : 'error',
      status: ok ? 'completed' : 'failed',
      content: ok ? outcome.summary : `No executive summary: ${outcome.error}`,
    });
  });
  return outcome;
}

async function tryProviders(
  context: RunContext,
  options: { execution: ExecutionRow; settings: ResolvedExecution; analysis: string },
): Promise<SummaryOutcome> {
  const { execution, settings, analysis } = options;
  const config = context.kernel.config.current();
  const { system, user } = composeSummaryPrompt({ title: context.session.title, analysis });
  let error = 'no model provider is configured for it';
  for (const name of [settings.llmProvider, ...settings.fallbackProviders]) {
    const provider = config.llmProviders[name];
    if (!provider) continue;
    Object.assign(execution, { provider: name, model: provider.model });
    const outcome = await askOnce(context, {
      executionId: execution.id,
      provider: { ...provider, name },
      timeouts: settings.timeouts,
      purpose: 'executive_summary',
      iteration: 1,
      system,
      messages: [{ role: 'user', content: user }],
      maxOutputTokens: SUMMARY_MAX_OUTPUT_TOKENS,
    });
    if ('text' in outcome) return { summary: outcome.text };
    error = outcome.error;
  }
  return { error };
}
