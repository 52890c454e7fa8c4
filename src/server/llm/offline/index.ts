import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';
import { decideAnswer } from './decide-answer.ts';
import type { Answer } from './look-up.ts';
import { BYTES_PER_TOKEN, DEFAULT_PACE_MS, SETTLE_MS, WORDS_PER_CHUNK } from './tunables.ts';

interface OfflineModelOptions {
  /** Pause between two chunks of a stream in milliseconds; 0 writes as fast as it is read. */
  paceMs?: number;
  /** Pause before the effect of a change is looked at, in milliseconds. */
  settleMs?: number;
}

/**
 * The offline analyst: a rule-based diagnostician for Kubernetes behind the AI SDK's language-model interface. It needs
 * no key and no network. It calls only tools that it knows (those of kubernetes-mcp-server), reads their results, and
 * writes an analysis that says it is rule-based. An agent of type `action` may also propose one change. It never throws; an aborted stream ends with an error.
 */
export function createOfflineModel(options: OfflineModelOptions = {}): LanguageModelV4 {
  const paceMs = Math.max(0, options.paceMs ?? DEFAULT_PACE_MS);
  const settleMs = Math.max(0, options.settleMs ?? SETTLE_MS);
  return {
    specificationVersion: 'v4',
    provider: 'offline',
    modelId: 'offline-analyst',
    supportedUrls: {},
    async doGenerate(call) {
      const answer = safely(call);
      await pause(answer.settles ? settleMs : 0, call.abortSignal);
      return {
        content: contentOf(answer),
        finishReason: finishOf(answer),
        usage: usageOf(call, answer),
        warnings: [],
      };
    },
    async doStream(call) {
      const answer = safely(call);
      const times = { paceMs, settleMs: answer.settles ? settleMs : 0 };
      return { stream: paced(partsOf(call, answer), times, call.abortSignal) };
    },
  };
}

/** The answer with ids that are unique over conversations; odd input gives an honest text instead of an error. */
function safely(call: LanguageModelV4CallOptions): Answer {
  try {
    const answer = decideAnswer(call);
    const nonce = randomUUID().slice(0, 8);
    return {
      ...answer,
      calls: answer.calls.map((item) => ({ ...item, toolCallId: `${item.toolCallId}-${nonce}` })),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    return {
      thinking: 'This conversation has a shape that my rules cannot read.',
      calls: [],
      text: `I do not know: the rule-based offline analyst could not read this conversation (${reason}).`,
    };
  }
}

function contentOf(answer: Answer): LanguageModelV4Content[] {
  return [
    { type: 'reasoning', text: answer.thinking },
    ...(answer.text === '' ? [] : [{ type: 'text' as const, text: answer.text }]),
    ...answer.calls.map(({ toolCallId, toolName, args }) => ({
      type: 'tool-call' as const,
      toolCallId,
      toolName,
      input: JSON.stringify(args),
    })),
  ];
}

function* partsOf(call: LanguageModelV4CallOptions, answer: Answer): Generator<LanguageModelV4StreamPart> {
  yield { type: 'stream-start', warnings: [] };
  yield { type: 'reasoning-start', id: 'thinking' };
  for (const delta of chunks(answer.thinking)) yield { type: 'reasoning-delta', id: 'thinking', delta };
  yield { type: 'reasoning-end', id: 'thinking' };
  if (answer.text !== '') {
    yield { type: 'text-start', id: 'answer' };
    for (const delta of chunks(answer.text)) yield { type: 'text-delta', id: 'answer', delta };
    yield { type: 'text-end', id: 'answer' };
  }
  for (const { toolCallId, toolName, args } of answer.calls) {
    const input = JSON.stringify(args);
    yield { type: 'tool-input-start', id: toolCallId, toolName };
    yield { type: 'tool-input-delta', id: toolCallId, delta: input };
    yield { type: 'tool-input-end', id: toolCallId };
    yield { type: 'tool-call', toolCallId, toolName, input };
  }
  yield { type: 'finish', finishReason: finishOf(answer), usage: usageOf(call, answer) };
}

/** The text in pieces of a few words; joined they are the text. */
function chunks(text: string): string[] {
  const words = text.match(/\s*\S+\s*/g) ?? [];
  const pieces: string[] = [];
  for (let at = 0; at < words.length; at += WORDS_PER_CHUNK)
    pieces.push(words.slice(at, at + WORDS_PER_CHUNK).join(''));
  return pieces;
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (ms > 0) await wait(ms, undefined, signal ? { signal } : {});
}

/** Emits a part whenever the reader asks for one, deltas not faster than the pace, calls not before things have settled. */
function paced(
  parts: Generator<LanguageModelV4StreamPart>,
  times: { paceMs: number; settleMs: number },
  signal: AbortSignal | undefined,
): ReadableStream<LanguageModelV4StreamPart> {
  let unsettledMs = times.settleMs;
  return new ReadableStream<LanguageModelV4StreamPart>({
    async pull(controller) {
      try {
        signal?.throwIfAborted();
        const { value, done } = parts.next();
        if (done || value === undefined) return controller.close();
        if (value.type === 'text-delta' || value.type === 'reasoning-delta')
          await pause(times.paceMs, signal);
        if (value.type === 'tool-input-start') {
          await pause(unsettledMs, signal);
          unsettledMs = 0;
        }
        controller.enqueue(value);
      } catch (error) {
        controller.error(signal?.aborted ? signal.reason : error);
      }
    },
  });
}

function finishOf(answer: Answer): LanguageModelV4FinishReason {
  return answer.calls.length > 0
    ? { unified: 'tool-calls', raw: 'tool_calls' }
    : { unified: 'stop', raw: 'stop' };
}

function usageOf(call: LanguageModelV4CallOptions, answer: Answer): LanguageModelV4Usage {
  const input = tokens(JSON.stringify(call.prompt) ?? '') + tokens(JSON.stringify(call.tools ?? []));
  const reasoning = tokens(answer.thinking);
  const text =
    tokens(answer.text) +
    answer.calls.reduce((sum, item) => sum + tokens(item.toolName + JSON.stringify(item.args)), 0);
  return {
    inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: text + reasoning, text, reasoning },
  };
}

function tokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}
