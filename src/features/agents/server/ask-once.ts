import type { ModelMessage } from 'ai';
import { storable } from '#src/lib/storable-text.ts';
import type { ResolvedExecution } from '#src/server/config/index.ts';
import { errorMessage } from '#src/server/errors.ts';
import { estimateCostUsd, LlmError, type LlmResult, type NamedLlmProvider } from '#src/server/llm/index.ts';
import { callMaskedModel, maskMessages } from './call-masked-model.ts';
import type { RunContext } from './run-context.ts';
import { insertLlmCall } from './run-writes.ts';

export type AskContext = Pick<RunContext, 'kernel' | 'recorder' | 'masker' | 'budget' | 'signal'>;

export type Question = {
  executionId: string;
  provider: NamedLlmProvider;
  timeouts: ResolvedExecution['timeouts'];
  purpose: 'executive_summary' | 'scoring' | 'memory';
  iteration: number;
  system: string;
  messages: ModelMessage[];
  maxOutputTokens: number;
};

/**
 * One call of a model without tools, with its trace. What it answers is masked. A failure is an outcome; throws only when
 * the run's signal aborts or the trace cannot be written.
 */
export async function askOnce(
  context: AskContext,
  question: Question,
): Promise<{ text: string } | { error: string }> {
  const { masker, recorder, kernel, signal } = context;
  const { provider, timeouts } = question;
  const system = masker.identifiers.mask(question.system);
  const messages = maskMessages(masker.identifiers, question.messages);
  const trace = {
    sessionId: recorder.sessionId,
    executionId: question.executionId,
    purpose: question.purpose,
    iteration: question.iteration,
    provider: provider.name,
    model: provider.model,
    startedAt: new Date(),
    request: { messages: [{ role: 'system', content: system }, ...messages], tools: [] },
  };
  try {
    const result = await lastOf(
      callMaskedModel(context, {
        provider,
        system,
        messages,
        tools: [],
        signal,
        env: kernel.env.variables,
        maxOutputTokens: Math.min(question.maxOutputTokens, provider.maxOutputTokens),
        timeouts: {
          totalMs: timeouts.llmCall,
          firstChunkMs: timeouts.firstToken,
          stallMs: timeouts.streamStall,
        },
      }),
    );
    const text = storable(masker.text(result.text.trim()));
    await recorder.commit((batch) =>
      insertLlmCall(
        batch,
        {
          ...trace,
          response: { text, finishReason: result.finishReason },
          usage: result.usage,
          costUsd: estimateCostUsd(provider, result.usage, trace.startedAt),
          error: null,
        },
        context.budget,
      ),
    );
    return text === '' ? { error: 'the model answered nothing' } : { text };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof LlmError)) throw error;
    const message = storable(masker.text(errorMessage(error)));
    await recorder.commit((batch) =>
      insertLlmCall(
        batch,
        { ...trace, response: null, usage: null, costUsd: null, error: message },
        context.budget,
      ),
    );
    return { error: message };
  }
}

async function lastOf(chunks: AsyncGenerator<unknown, LlmResult>): Promise<LlmResult> {
  for (let next = await chunks.next(); ; next = await chunks.next()) if (next.done) return next.value;
}
