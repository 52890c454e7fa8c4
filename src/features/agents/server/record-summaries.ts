import { type Batch, outputUrl } from '#src/features/sessions/server/index.ts';
import { storable } from '#src/lib/storable-text.ts';
import { createStreamMasker, type StreamMasker } from '#src/server/masking/index.ts';
import type { AgentStep, PlannedCall, SummaryAttempt } from './agent-step.ts';
import type { ExecutionScope } from './run-context.ts';
import { insertLlmCall } from './run-writes.ts';

type Step<T extends AgentStep['type']> = Extract<AgentStep, { type: T }>;
export type SummaryStep = Step<
  'summary_started' | 'summary_text' | 'summary_retried' | 'summary_failed' | 'summary_ended'
>;

const placeOf = (call: PlannedCall) => `${call.iteration}.${call.index}`;

/** Makes summaries of tool outputs visible while they are written, and durable with the call that they stand for. */
export function createSummaryRecorder(scope: ExecutionScope): (step: SummaryStep) => Promise<void> {
  const { context, execution, place } = scope;
  const { recorder, masker } = context;
  const open = new Map<string, { itemId: string; live: StreamMasker }>();

  const start = (batch: Batch, attempt: SummaryAttempt) => {
    const data = itemData(recorder.sessionId, attempt);
    const itemId = batch.startItem({ ...place, type: 'tool_summary', data });
    open.set(placeOf(attempt.call), { itemId, live: createStreamMasker(masker) });
  };
  const closeBroken = (batch: Batch, attempt: SummaryAttempt, error: string) => {
    const item = open.get(placeOf(attempt.call));
    if (!item) return;
    open.delete(placeOf(attempt.call));
    batch.completeItem(item.itemId, {
      status: 'failed',
      content: recorder.textOf(item.itemId) + storable(item.live.end()),
      data: { error: masker.text(error) },
    });
  };

  async function ended({ call, end, answer }: Step<'summary_ended'>): Promise<void> {
    await recorder.commit(async (batch) => {
      const item = open.get(placeOf(call));
      open.delete(placeOf(call));
      if (item && answer) {
        const data = { finishReason: answer.result.finishReason };
        batch.completeItem(item.itemId, { status: 'completed', content: storable(answer.text), data });
      }
      if (answer) await insertLlmCall(batch, traceOf(scope, answer), scope.context.budget);
      batch.sql.write(
        `update tool_call set result = $4, summary = $5 where execution_id = $1 and iteration = $2 and index = $3`,
        [execution.id, call.iteration, call.index, storable(end.view), end.summary],
      );
    });
    if (answer) observe(scope, answer.attempt, answer.result.usage);
  }

  return (step) => {
    switch (step.type) {
      case 'summary_started':
        return recorder.commit((batch) => start(batch, step.attempt));
      case 'summary_text': {
        const item = open.get(placeOf(step.attempt.call));
        if (item) recorder.delta(item.itemId, storable(item.live.push(step.delta)));
        return Promise.resolve();
      }
      case 'summary_retried':
        return recorder.commit((batch) => {
          closeBroken(batch, step.attempt, `${step.error} Trying again.`);
          start(batch, step.attempt);
        });
      case 'summary_failed': {
        const { provider, model } = step.attempt;
        context.kernel.metrics.llmCalls.inc({ provider, model, outcome: step.code });
        return recorder.commit(async (batch) => {
          closeBroken(batch, step.attempt, step.error);
          await insertLlmCall(batch, traceOf(scope, { ...step, text: '' }), scope.context.budget);
        });
      }
      case 'summary_ended':
        return ended(step);
    }
  };
}

const itemData = (sessionId: string, attempt: SummaryAttempt): Record<string, unknown> => ({
  callId: attempt.call.callId,
  server: attempt.call.server,
  tool: attempt.call.tool,
  originalTokens: attempt.originalTokens,
  provider: attempt.provider,
  model: attempt.model,
  outputBytes: attempt.outputBytes,
  outputUrl: outputUrl(sessionId, attempt.outputId),
});

function traceOf(
  { context, execution }: ExecutionScope,
  call: Pick<Step<'summary_failed'>, 'attempt' | 'result' | 'costUsd'> & { text: string; error?: string },
): Parameters<typeof insertLlmCall>[1] {
  const { attempt, result, text, costUsd, error } = call;
  return {
    sessionId: context.recorder.sessionId,
    executionId: execution.id,
    purpose: 'summarization',
    iteration: attempt.call.iteration,
    provider: attempt.provider,
    model: attempt.model,
    startedAt: attempt.startedAt,
    request: {
      system: attempt.prompt.system,
      messages: [{ role: 'user', content: attempt.prompt.user }],
      tools: [],
    },
    response: result ? { text, finishReason: result.finishReason } : null,
    usage: result?.usage ?? null,
    costUsd,
    error: error === undefined ? null : context.masker.text(error),
  };
}

function observe(
  { context }: ExecutionScope,
  { provider, model, startedAt }: SummaryAttempt,
  usage: { inputTokens: number; outputTokens: number },
): void {
  const { llmCalls, llmTokens, llmDuration } = context.kernel.metrics;
  llmCalls.inc({ provider, model, outcome: 'ok' });
  llmTokens.inc({ provider, model, direction: 'input' }, usage.inputTokens);
  llmTokens.inc({ provider, model, direction: 'output' }, usage.outputTokens);
  llmDuration.observe({ provider, model }, (Date.now() - startedAt.getTime()) / 1000);
}
