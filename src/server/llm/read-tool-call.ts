import { parseToolArguments } from './parse-tool-arguments.ts';
import type { StreamPart } from './response-state.ts';
import type { LlmToolCall } from './types.ts';

/**
 * A tool call as the model wrote it. The SDK marks unknown tools and unreadable arguments alike as invalid; an unknown
 * tool is the loop's to answer, so only the arguments make a call invalid here.
 */
export function readToolCall(part: Extract<StreamPart, { type: 'tool-call' }>, name: string): LlmToolCall {
  const input: unknown = part.input;
  // The SDK leaves text that is not JSON as it is; anything else is parsed JSON.
  const isUnparsed = typeof input === 'string' && part.invalid === true;
  const raw = isUnparsed ? input : (JSON.stringify(input) ?? '');
  const parsed = parseToolArguments(raw);
  const call = { id: part.toolCallId, name, arguments: parsed.arguments };
  if (parsed.form !== 'raw') return call;
  const message = `The arguments of ${name} are not a JSON object. Call it again with one JSON object that matches its schema.`;
  return { ...call, invalid: { raw, message } };
}
