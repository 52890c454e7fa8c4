import type { ModelMessage } from 'ai';
import { requestApproval } from '#src/features/approvals/server/index.ts';
import { rightsOf } from '#src/features/mcp-servers/server/index.ts';
import { type Batch, replaceProvider, saveExecution } from '#src/features/sessions/server/index.ts';
import { listNativeTools } from '#src/lib/native-tools.ts';
import { withoutVerdict } from './action-verdict.ts';
import type { AgentStep } from './agent-step.ts';
import { describeNative } from './describe-native.ts';
import { markBudget } from './mark-budget.ts';
import { maskNativeEvent } from './mask-native.ts';
import { createFailureRecorder, type FailureEntry } from './record-failures.ts';
import { startNote } from './record-notes.ts';
import { recordPause } from './record-pause.ts';
import { createSummaryRecorder } from './record-summaries.ts';
import { createToolCallRecorder } from './record-tool-calls.ts';
import type { ExecutionPlan, ExecutionScope, RunContext } from './run-context.ts';
import { maskOf } from './run-mask.ts';
import { insertLlmCall, insertMessages, insertPlannedCalls, updateMessages } from './run-writes.ts';
import { createToolSetWriter } from './save-tool-set.ts';
import { createAnswerStreams } from './stream-answer-items.ts';
import { answerTrace, failureTrace, observeAnswer } from './trace-model-call.ts';

type Step<T extends AgentStep['type']> = Extract<AgentStep, { type: T }>;

export type StepRecorder = {
  record(step: AgentStep): Promise<unknown>;
  /** The entry about the model's last call, if that has failed. */
  openFailure(): FailureEntry | null;
  /** For a resumed execution: number of messages that are there already. */
  continueFrom(seq: number): void;
};

/**
 * Makes the steps of one execution durable and visible: each step is one commit of rows and events, except that an answer
 * shares one with the start of its calls. Text and thinking are only streamed; they become durable with their answer.
 */
export function createStepRecorder(
  context: RunContext,
  { execution, settings, purpose = 'iteration' }: Pick<ExecutionPlan, 'execution' | 'settings' | 'purpose'>,
): StepRecorder {
  const place = {
    stageId: execution.stageId,
    executionId: execution.id,
    parentExecutionId: execution.parentExecutionId,
  };
  const scope: ExecutionScope = { context, execution, place, purpose };
  const { recorder, masker } = context;
  const streams = createAnswerStreams({ recorder, masker, place });
  const failures = createFailureRecorder(scope);
  const tools = createToolCallRecorder(scope);
  const summaries = createSummaryRecorder(scope);
  const saveToolSet = createToolSetWriter({ sessionId: recorder.sessionId, masker });
  let nextSeq = 0;
  // The results of a turn, until the next commit: whoever goes on from before that makes them again of the ended calls.
  let turn: ModelMessage[] = [];

  const append = (batch: Batch, messages: readonly ModelMessage[]) => {
    insertMessages(batch.sql, {
      sessionId: recorder.sessionId,
      executionId: execution.id,
      fromSeq: nextSeq,
      messages,
    });
    nextSeq += messages.length;
  };
  /** With the turn before it in its place. */
  const inOrder = <T>(batch: Batch, work: (batch: Batch) => T): T => {
    append(batch, turn);
    turn = [];
    return work(batch);
  };
  const commit = <T>(work: (batch: Batch) => T | Promise<T>): Promise<T> =>
    recorder.commit((batch) => inOrder(batch, work));

  async function answered(step: Step<'llm_completed'>): Promise<void> {
    const { thinking } = step.result;
    // The verdict of an action agent is for us, not for people.
    const isVerdict = settings.type === 'action' && step.calls.length === 0;
    const text = isVerdict ? withoutVerdict(step.result.text) : step.result.text;
    execution.iterations += 1;
    failures.over();
    observeAnswer(scope, step);
    const write = async (batch: Batch) => {
      const texts = { thinking, response: text };
      streams.close(batch, { status: 'completed', data: { iteration: execution.iterations }, texts });
      const uptoSeq = nextSeq - 1;
      append(batch, step.messages);
      insertPlannedCalls(batch.sql, {
        sessionId: recorder.sessionId,
        executionId: execution.id,
        calls: step.calls,
        secrets: context.kernel.secrets,
      });
      await insertLlmCall(
        batch,
        answerTrace(scope, step, { uptoSeq, toolSet: saveToolSet(batch, step.request.specs) }),
        context.budget,
      );
      saveExecution(batch, execution);
    };
    // Its calls are committed as started before any is made, and this before them: one commit instead of two.
    if (step.calls.length > 0) recorder.write((batch) => inOrder(batch, write));
    else await commit(write);
  }

  async function failed(step: Step<'llm_failed'>): Promise<void> {
    const { error, provider, model } = step;
    const message = masker.text(error.safeMessage);
    context.kernel.metrics.llmCalls.inc({ provider, model, outcome: error.code });
    await commit(async (batch) => {
      streams.close(batch, { status: 'failed', data: { error: message } });
      failures.failed(batch, step);
      await insertLlmCall(
        batch,
        failureTrace(scope, step, { uptoSeq: nextSeq - 1, toolSet: saveToolSet(batch, step.request.specs) }),
        context.budget,
      );
    });
  }

  function retrying(step: Step<'llm_retry'>): Promise<void> {
    return commit((batch) => {
      const message = masker.text(step.error.safeMessage);
      streams.close(batch, { status: 'failed', data: { error: message, void: true } });
      failures.retrying(batch, step);
    });
  }

  function answeredNothing(step: Step<'answered_nothing'>): Promise<void> {
    execution.iterations += 1;
    failures.over();
    return commit(async (batch) => {
      append(batch, [step.message]);
      saveExecution(batch, execution);
    });
  }

  function asked(step: Step<'asked'>): Promise<void> {
    return commit(async (batch) => {
      append(batch, [step.message]);
      batch.startItem({
        ...place,
        type: 'budget',
        status: 'completed',
        content: step.why,
        data: { iteration: execution.iterations, ...(step.budget ? { budget: step.budget } : {}) },
      });
      if (step.budget) await markBudget(batch, recorder.sessionId, step.budget);
    });
  }

  function approvalRequested({ call, kind, why }: Step<'approval_requested'>): Promise<string> {
    const config = context.kernel.config.current();
    const actsFor = rightsOf(context.session, config.mcpServers[call.server]?.transport);
    return commit((batch) =>
      requestApproval(batch, {
        sessionId: recorder.sessionId,
        place,
        call,
        kind,
        arguments: call.maskedArguments,
        why: actsFor === null ? why : `${why}; it runs with the rights of ${actsFor}`,
        expiresAfterMs: config.approval.expiresAfter,
      }),
    );
  }

  function subAgentsReported(step: Step<'sub_agents_reported'>): Promise<void> {
    return commit(async (batch) => {
      append(batch, [step.message]);
      batch.sql.write('update execution set delivered_at = now() where id = any($1)', [step.executionIds]);
    });
  }

  async function record(step: AgentStep): Promise<unknown> {
    switch (step.type) {
      case 'thinking':
        streams.push('thinking', step.delta);
        return;
      case 'text':
        streams.push('response', step.delta);
        return;
      case 'native':
        return commit((batch) =>
          startNote(batch, place, describeNative(maskNativeEvent(step.event, maskOf(masker)))),
        );
      case 'opened':
        return commit(async (batch) => {
          for (const note of step.notes) startNote(batch, place, note);
          append(batch, step.messages);
        });
      case 'llm_started':
        return;
      case 'llm_retry':
        return retrying(step);
      case 'llm_completed':
        return answered(step);
      case 'llm_failed':
        return failed(step);
      case 'answered_nothing':
        return answeredNothing(step);
      case 'fallback':
        failures.over();
        return commit((batch) => recordFallback(batch, scope, step));
      case 'tool_started':
        return tools.started(step);
      case 'tool_progress':
        return tools.progress(step);
      case 'tool_ended':
        return tools.ended(step);
      case 'summary_started':
      case 'summary_text':
      case 'summary_retried':
      case 'summary_failed':
      case 'summary_ended':
        return summaries(step);
      case 'turn_ended':
        turn = [step.message];
        return;
      case 'approval_requested':
        return approvalRequested(step);
      case 'pause_requested':
        return commit((batch) => recordPause(batch, scope, step));
      case 'sub_agents_reported':
        return subAgentsReported(step);
      case 'asked':
        return asked(step);
      case 'images_refused':
        return commit((batch) => recordRefusedImages(batch, scope, step));
      case 'compacted':
        return commit((batch) => recordCompaction(batch, scope, step));
    }
  }

  return {
    record,
    openFailure: failures.current,
    continueFrom(seq) {
      nextSeq = seq;
    },
  };
}

function recordFallback(
  batch: Batch,
  { context, execution, place }: ExecutionScope,
  { decision, model, dropped, ...step }: Step<'fallback'>,
): void {
  const without = dropped.length > 0 ? `, which has no ${listNativeTools(dropped)} of its own` : '';
  const message = context.masker.text(step.message);
  replaceProvider(execution, { provider: decision.to, model });
  context.kernel.metrics.llmFallbacks.inc({ from: decision.from, to: decision.to });
  saveExecution(batch, execution);
  batch.startItem({
    ...place,
    type: 'provider_fallback',
    status: 'completed',
    content: `${decision.from} failed (${message}); going on with ${decision.to} (${model})${without}.`,
    data: { ...decision, model, ...(dropped.length > 0 ? { droppedNativeTools: dropped } : {}) },
  });
}

function recordRefusedImages(batch: Batch, scope: ExecutionScope, { changed }: Step<'images_refused'>): void {
  const content =
    'The model refused a request with images. It is asked again without them; they stay in the timeline. If it cannot see, set `images: false` for its provider.';
  recordShortening(batch, scope, { changed, content, data: {} });
}

function recordCompaction(
  batch: Batch,
  scope: ExecutionScope,
  { beforeTokens, afterTokens, changed }: Step<'compacted'>,
): void {
  const content = `The conversation was shortened from about ${beforeTokens} to ${afterTokens} tokens: older tool results (${changed.length} messages) lost their images or were cut to their first lines, and can be read again.`;
  recordShortening(batch, scope, { changed, content, data: { beforeTokens, afterTokens } });
}

function recordShortening(
  batch: Batch,
  { execution, place }: ExecutionScope,
  {
    changed,
    ...item
  }: Pick<Step<'compacted'>, 'changed'> & { content: string; data: Record<string, number> },
): void {
  // The system prompt is message 0; the loop counts without it.
  const messages = changed.map(({ index, message }) => ({ seq: index + 1, message }));
  updateMessages(batch.sql, execution.id, messages);
  batch.startItem({ ...place, type: 'compaction', status: 'completed', ...item });
}
