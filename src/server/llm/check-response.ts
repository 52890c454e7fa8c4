import type { CollectedResponse } from './collect-response.ts';
import { LlmError } from './llm-error.ts';
import type { ModelCallEnd } from './response-state.ts';

/**
 * What is wrong with a response whose stream has ended, or undefined. A stream without the provider's own finish
 * reason was cut, whatever it has delivered so far; a whole one without text and calls is empty.
 */
export function findResponseError(response: CollectedResponse): LlmError | undefined {
  const { end } = response;
  if (end === undefined || !isComplete(end)) {
    return new LlmError('cut_stream', 'the stream ended before the answer was complete');
  }
  if (response.text.trim() !== '' || response.toolCalls.length > 0) return undefined;
  // Interrupted for tools of its own: it goes on when it is asked to.
  if (end.rawFinishReason === 'pause_turn') return undefined;
  const raw = end.rawFinishReason ?? end.finishReason;
  const isFinal = end.finishReason === 'length' || end.finishReason === 'content-filter';
  return new LlmError('empty', `the model gave no answer: ${end.finishMessage ?? `finish reason ${raw}`}`, {
    retryable: !isFinal,
  });
}

/** The SDK closes a cut stream with a reason of its own, which no word of the provider stands behind. */
function isComplete(end: ModelCallEnd): boolean {
  if (end.rawFinishReason !== undefined) return true;
  switch (end.finishReason) {
    case 'stop':
    case 'tool-calls':
    case 'length':
    case 'content-filter':
      return true;
    default:
      return false;
  }
}
