import { type ExecutionRow, saveExecution } from '#src/features/sessions/server/index.ts';
import { storable } from '#src/lib/storable-text.ts';
import type { ResolvedExecution } from '#src/server/config/index.ts';
import { errorMessage } from '#src/server/errors.ts';
import {
  callModel,
  estimateCostUsd,
  LlmError,
  type LlmResult,
  type NamedLlmProvider,
} from '#src/server/llm/index.ts';
import { composeSummaryPrompt } from './compose-prompt.ts';
import type { RunContext } from './run-context.ts';
import { insertLlmCall } from './run-writes.ts';
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
    await saveExecution(batch, execution);
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
  let error = 'no model provider is configured for it';
  for (const name of [settings.llmProvider, ...settings.fallbackProviders]) {
    const provider = config.llmProviders[name];
    if (!provider) continue;
    Object.assign(execution, { provider: name, model: provider.model });
    const outcome = await callOnce(context, {
      execution,
      provider: { ...provider, name },
      settings,
      analysis,
    });
    if ('summary' in outcome) return outcome;
    error = outcome.error;
  }
  return { error };
}

async function callOnce(
  context: RunContext,
  options: {
    execution: ExecutionRow;
    provider: NamedLlmProvider;
    settings: ResolvedExecution;
    analysis: string;
  },
): Promise<SummaryOutcome> {
  const { execution, provider, settings, analysis } = options;
  const { masker, recorder, kernel, signal } = context;
  const { system, user } = composeSummaryPrompt({ title: context.session.title, analysis });
  const startedAt = new Date();
  const trace = {
    sessionId: recorder.sessionId,
    executionId: execution.id,
    purpose: 'executive_summary',
    iteration: 1,
    provider: provider.name,
    model: provider.model,
    startedAt,
    request: {
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: user },
      ],
      tools: [],
    },
  };
  try {
    const result = await lastOf(
      callModel({
        provider,
        system,
        messages: [{ role: 'user', content: user }],
        tools: [],
        signal,
        env: kernel.env.variables,
        maxOutputTokens: Math.min(SUMMARY_MAX_OUTPUT_TOKENS, provider.maxOutputTokens),
        timeouts: {
          totalMs: settings.timeouts.llmCall,
          firstChunkMs: settings.timeouts.firstToken,
          stallMs: settings.timeouts.streamStall,
        },
      }),
    );
    const summary = storable(masker.text(result.text.trim()));
    await recorder.commit((batch) =>
      insertLlmCall(batch, {
        ...trace,
        response: { text: summary, finishReason: result.finishReason },
        usage: result.usage,
        costUsd: estimateCostUsd(provider, result.usage),
        error: null,
      }),
    );
    return summary === '' ? { error: 'the model answered nothing' } : { summary };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof LlmError)) throw error;
    const message = storable(masker.text(errorMessage(error)));
    await recorder.commit((batch) =>
      insertLlmCall(batch, { ...trace, response: null, usage: null, costUsd: null, error: message }),
    );
    return { error: message };
  }
}

async function lastOf(chunks: AsyncGenerator<unknown, LlmResult>): Promise<LlmResult> {
  for (let next = await chunks.next(); ; next = await chunks.next()) if (next.done) return next.value;
}
