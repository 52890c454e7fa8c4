import type { ModelMessage } from 'ai';
import { type Batch, type ExecutionRow, saveExecution } from '#src/features/sessions/server/index.ts';
import { storable, storableJson } from '#src/lib/storable-text.ts';
import { createStreamMasker, type StreamMasker } from '#src/server/masking/index.ts';
import type { AgentStep, PlannedCall, ToolEnd } from './agent-step.ts';
import type { RunContext } from './run-context.ts';
import { insertLlmCall, insertMessages, insertPlannedCalls, updateMessages } from './run-writes.ts';
import { ITEM_ARGUMENTS_MAX_CHARS, ITEM_RESULT_MAX_CHARS } from './tunables.ts';

type Step<T extends AgentStep['type']> = Extract<AgentStep, { type: T }>;
type Stream = { itemId: string; masker: StreamMasker };

/**
 * Makes the steps of one execution durable and visible: each step is one commit of rows and events. Text and thinking are
 * only streamed; they become durable with the answer they belong to.
 */
export function createStepRecorder(context: RunContext, execution: ExecutionRow) {
  const { recorder, masker, kernel } = context;
  const place = { stageId: execution.stageId, executionId: execution.id };
  const streams = new Map<'thinking' | 'response', Stream>();
  const toolItems = new Map<string, string>();
  let nextSeq = 0;
  const keyOf = (call: PlannedCall) => `${call.iteration}.${call.index}`;

  async function stream(kind: 'thinking' | 'response', delta: string): Promise<void> {
    let open = streams.get(kind);
    if (!open) {
      const itemId = await recorder.commit((batch) => batch.startItem({ ...place, type: kind }));
      open = { itemId, masker: createStreamMasker(masker) };
      streams.set(kind, open);
    }
    recorder.delta(open.itemId, open.masker.push(delta));
  }

  function closeStreams(
    batch: Batch,
    status: 'completed' | 'failed',
    data: Record<string, unknown>,
    texts?: { thinking: string; response: string },
  ) {
    for (const kind of ['thinking', 'response'] as const) {
      const open = streams.get(kind);
      const text = texts?.[kind];
      if (open) {
        const content =
          text === undefined ? recorder.textOf(open.itemId) + open.masker.end() : masker.text(text);
        batch.completeItem(open.itemId, { status, content, data });
      } else if (text) {
        batch.startItem({ ...place, type: kind, status, content: masker.text(text), data });
      }
    }
    streams.clear();
  }

  const appendMessages = async (batch: Batch, messages: readonly ModelMessage[]) => {
    await insertMessages(batch.sql, {
      sessionId: recorder.sessionId,
      executionId: execution.id,
      fromSeq: nextSeq,
      messages,
    });
    nextSeq += messages.length;
  };

  async function answered(step: Step<'llm_completed'>): Promise<void> {
    const { result } = step;
    execution.iterations += 1;
    kernel.metrics.llmCalls.inc({ provider: result.provider, model: result.model, outcome: 'ok' });
    kernel.metrics.llmTokens.inc(
      { provider: result.provider, model: result.model, direction: 'input' },
      result.usage.inputTokens,
    );
    kernel.metrics.llmTokens.inc(
      { provider: result.provider, model: result.model, direction: 'output' },
      result.usage.outputTokens,
    );
    kernel.metrics.llmDuration.observe(
      { provider: result.provider, model: result.model },
      (Date.now() - step.startedAt.getTime()) / 1000,
    );
    await recorder.commit(async (batch) => {
      closeStreams(
        batch,
        'completed',
        { iteration: execution.iterations },
        { thinking: result.thinking, response: result.text },
      );
      const uptoSeq = nextSeq - 1;
      await appendMessages(
        batch,
        maskMessages(step.messages, (text) => masker.text(text)),
      );
      await insertPlannedCalls(batch.sql, {
        ...place,
        sessionId: recorder.sessionId,
        calls: step.calls,
        masker,
        secrets: kernel.secrets,
      });
      await insertLlmCall(batch, {
        sessionId: recorder.sessionId,
        executionId: execution.id,
        purpose: step.purpose,
        iteration: execution.iterations,
        provider: result.provider,
        model: result.model,
        startedAt: step.startedAt,
        request: { uptoSeq, tools: step.tools },
        response: {
          text: masker.text(result.text),
          thinking: masker.text(result.thinking),
          finishReason: result.finishReason,
          toolCalls: step.calls.map((call) => ({
            id: call.callId,
            name: call.wireName,
            arguments: masker.json(call.arguments),
          })),
        },
        usage: result.usage,
        costUsd: step.costUsd,
        error: null,
      });
      await saveExecution(batch, execution);
    });
  }

  async function failed(step: Step<'llm_failed'>): Promise<void> {
    const message = masker.text(step.error.safeMessage);
    kernel.metrics.llmCalls.inc({ provider: step.provider, model: step.model, outcome: step.error.code });
    await recorder.commit(async (batch) => {
      closeStreams(batch, 'failed', { error: message });
      batch.startItem({
        ...place,
        type: 'error',
        status: 'failed',
        content: `${step.model}: ${message}`,
        data: { code: step.error.code, provider: step.provider, attempts: step.error.attempts },
      });
      await insertLlmCall(batch, {
        sessionId: recorder.sessionId,
        executionId: execution.id,
        purpose: step.purpose,
        iteration: execution.iterations + 1,
        provider: step.provider,
        model: step.model,
        startedAt: step.startedAt,
        request: { uptoSeq: nextSeq - 1, tools: step.tools },
        response: null,
        usage: null,
        costUsd: null,
        error: message,
      });
    });
  }

  async function toolStarted({ call }: Step<'tool_started'>): Promise<void> {
    const itemId = await recorder.commit(async (batch) => {
      const id = batch.startItem({
        ...place,
        type: 'tool_call',
        data: {
          callId: call.callId,
          server: call.server,
          tool: call.tool,
          readOnly: call.readOnly,
          iteration: call.iteration,
          arguments: shownArguments(storableJson(masker.json(call.arguments))),
        },
      });
      await batch.sql.query(
        `update tool_call set status = 'running', item_id = $4, started_at = now()
         where execution_id = $1 and iteration = $2 and index = $3`,
        [execution.id, call.iteration, call.index, id],
      );
      return id;
    });
    toolItems.set(keyOf(call), itemId);
  }

  async function toolEnded({ call, end }: Step<'tool_ended'>): Promise<void> {
    const itemId = toolItems.get(keyOf(call));
    const labels = { server: call.server || 'unknown', tool: call.server ? call.tool : 'unknown' };
    kernel.metrics.toolCalls.inc({ ...labels, outcome: end.status });
    kernel.metrics.toolDuration.observe(labels, end.durationMs / 1000);
    await recorder.commit(async (batch) => {
      if (itemId)
        batch.completeItem(itemId, {
          status: itemStatusOf(end),
          data: toolItemData(recorder.sessionId, end),
        });
      await writeToolEnd(batch, { sessionId: recorder.sessionId, executionId: execution.id, call, end });
    });
  }

  return {
    async record(step: AgentStep): Promise<void> {
      switch (step.type) {
        case 'thinking':
          return stream('thinking', step.delta);
        case 'text':
          return stream('response', step.delta);
        case 'opened':
          return recorder.commit((batch) => appendMessages(batch, step.messages));
        case 'llm_started':
          return undefined;
        case 'llm_retry':
          return recorder.commit((batch) => {
            const error = masker.text(step.error.safeMessage);
            closeStreams(batch, 'failed', { error, void: true });
            batch.startItem({
              ...place,
              type: 'error',
              status: 'failed',
              content: `${error} Trying again in ${(step.delayMs / 1000).toFixed(1)} s.`,
              data: { code: step.error.code, attempt: step.attempt, retryInMs: step.delayMs },
            });
          });
        case 'llm_completed':
          return answered(step);
        case 'llm_failed':
          return failed(step);
        case 'answered_nothing':
          execution.iterations += 1;
          return recorder.commit(async (batch) => {
            await appendMessages(batch, [step.message]);
            await saveExecution(batch, execution);
          });
        case 'fallback':
          return recorder.commit(async (batch) => {
            execution.provider = step.decision.to;
            execution.model = step.model;
            kernel.metrics.llmFallbacks.inc({ from: step.decision.from, to: step.decision.to });
            await saveExecution(batch, execution);
            batch.startItem({
              ...place,
              type: 'provider_fallback',
              status: 'completed',
              content: `${step.decision.from} failed (${masker.text(step.message)}); going on with ${step.decision.to} (${step.model}).`,
              data: { ...step.decision, model: step.model },
            });
          });
        case 'tool_started':
          return toolStarted(step);
        case 'tool_progress': {
          const itemId = toolItems.get(keyOf(step.call));
          if (!itemId) return undefined;
          return recorder.commit((batch) =>
            batch.patchItem(itemId, { progress: storable(masker.text(step.message)) }),
          );
        }
        case 'tool_ended':
          return toolEnded(step);
        case 'turn_ended':
          return recorder.commit((batch) => appendMessages(batch, [step.message]));
        case 'asked':
          return recorder.commit(async (batch) => {
            await appendMessages(batch, [step.message]);
            batch.startItem({
              ...place,
              type: 'budget',
              status: 'completed',
              content: step.why,
              data: { iteration: execution.iterations },
            });
          });
        case 'compacted':
          return recorder.commit(async (batch) => {
            await updateMessages(
              batch.sql,
              execution.id,
              step.changed.map(({ index, message }) => ({ seq: index + 1, message })),
            );
            batch.startItem({
              ...place,
              type: 'compaction',
              status: 'completed',
              content: `The conversation was shortened from about ${step.beforeTokens} to ${step.afterTokens} tokens: ${step.changed.length} older tool results are kept outside of it and can be read again.`,
              data: { beforeTokens: step.beforeTokens, afterTokens: step.afterTokens },
            });
          });
      }
    },
    /** For a resumed execution: messages that are there already. */
    continueFrom(seq: number): void {
      nextSeq = seq;
    },
  };
}

export type StepRecorder = ReturnType<typeof createStepRecorder>;

/** Text and arguments masked; reasoning stays exact, since providers refuse it when its signature does not fit. */
function maskMessages(messages: readonly ModelMessage[], mask: (text: string) => string): ModelMessage[] {
  return messages.map((message): ModelMessage => {
    if (message.role !== 'assistant') return message;
    if (typeof message.content === 'string') return { ...message, content: mask(message.content) };
    return {
      ...message,
      content: message.content.map((part) =>
        part.type === 'text' ? { ...part, text: mask(part.text) } : part,
      ),
    };
  });
}

function shownArguments(args: unknown): unknown {
  const text = JSON.stringify(args) ?? '{}';
  return text.length <= ITEM_ARGUMENTS_MAX_CHARS
    ? args
    : { preview: `${text.slice(0, ITEM_ARGUMENTS_MAX_CHARS)}…` };
}

function itemStatusOf(end: ToolEnd): 'completed' | 'failed' | 'timed_out' | 'cancelled' {
  switch (end.status) {
    case 'completed':
    case 'timed_out':
    case 'cancelled':
    case 'failed':
      return end.status;
    case 'refused':
    case 'unknown':
      return 'failed';
  }
}

function toolItemData(sessionId: string, end: ToolEnd): Record<string, unknown> {
  const refused = end.status === 'refused';
  return {
    result: refused ? undefined : (end.output?.text ?? end.view).slice(0, ITEM_RESULT_MAX_CHARS),
    outputBytes: end.outputBytes,
    outputUrl: end.output ? `/api/v1/sessions/${sessionId}/outputs/${end.output.id}` : undefined,
    error: refused ? undefined : (end.error ?? undefined),
    refused: refused ? end.view.slice(0, ITEM_RESULT_MAX_CHARS) : undefined,
    durationMs: end.durationMs,
  };
}

async function writeToolEnd(
  batch: Batch,
  options: { sessionId: string; executionId: string; call: PlannedCall; end: ToolEnd },
): Promise<void> {
  const { sessionId, executionId, call, end } = options;
  if (end.output) {
    await batch.sql.query(
      'insert into tool_output (id, session_id, content, bytes) values ($1, $2, $3, $4)',
      [end.output.id, sessionId, end.output.text, end.outputBytes],
    );
  }
  await batch.sql.query(
    `update tool_call set status = $4, result = $5, output_id = $6, output_bytes = $7, error = $8, duration_ms = $9,
       completed_at = now(), arguments_sealed = null
     where execution_id = $1 and iteration = $2 and index = $3`,
    [
      executionId,
      call.iteration,
      call.index,
      end.status,
      end.view,
      end.output?.id ?? null,
      end.outputBytes,
      end.error,
      end.durationMs,
    ],
  );
  await countCalls(batch, sessionId);
}

async function countCalls(batch: Batch, sessionId: string): Promise<void> {
  const { rows } = await batch.sql.query<{ llm_calls: number; tool_calls: number }>(
    'update session set tool_calls = tool_calls + 1 where id = $1 returning llm_calls, tool_calls',
    [sessionId],
  );
  const row = rows[0];
  // `events` is the cursor of whoever folds this; the reducer sets it.
  if (row)
    batch.emit({
      type: 'session.patch',
      payload: { counts: { llmCalls: row.llm_calls, toolCalls: row.tool_calls, events: 0 } },
    });
}
