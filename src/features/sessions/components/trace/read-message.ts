/** One readable piece of a message: what it is, and its text. */
export type MessagePart = {
  kind: 'text' | 'thinking' | 'call' | 'result' | 'other';
  /** Name of the tool, for calls and results. */
  tool: string | null;
  text: string;
};
export type ReadableMessage = { role: string; parts: MessagePart[] };

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const words = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const pretty = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');

/** A message as it was sent to a model (the AI SDK's shape), for people. What is not known is shown as JSON. */
export function readMessage(message: unknown): ReadableMessage {
  if (!isObject(message))
    return { role: 'unknown', parts: [{ kind: 'other', tool: null, text: pretty(message) }] };
  const role = words(message.role) ?? 'unknown';
  const { content } = message;
  if (typeof content === 'string') return { role, parts: [{ kind: 'text', tool: null, text: content }] };
  const parts = Array.isArray(content) ? content : [content];
  return { role, parts: parts.map(readPart) };
}

function readPart(part: unknown): MessagePart {
  if (!isObject(part)) return { kind: 'other', tool: null, text: pretty(part) };
  const tool = words(part.toolName);
  switch (part.type) {
    case 'text':
      return { kind: 'text', tool: null, text: words(part.text) ?? '' };
    case 'reasoning':
      return { kind: 'thinking', tool: null, text: words(part.text) ?? '' };
    case 'tool-call':
      return { kind: 'call', tool, text: pretty(part.input ?? part.args ?? {}) };
    case 'tool-result':
      return { kind: 'result', tool, text: readOutput(part.output ?? part.result) };
    default:
      return { kind: 'other', tool, text: pretty(part) };
  }
}

function readOutput(output: unknown): string {
  if (!isObject(output) || !('value' in output)) return pretty(output);
  const { value } = output;
  if (!Array.isArray(value)) return pretty(value);
  return value
    .map((part) => (isObject(part) ? (words(part.text) ?? readFile(part)) : pretty(part)))
    .join('\n');
}

/** An image stands in a conversation by its reference; which one it is, the text before it says. */
const readFile = (part: Json): string =>
  part.type === 'file' && words(part.mediaType) ? `(${words(part.mediaType)})` : pretty(part);

/** What a model answered: `{text, thinking, native?, toolCalls: [{id, name, arguments}], finishReason}`. */
export function readResponse(
  response: unknown,
): { message: ReadableMessage; finishReason: string | null } | null {
  if (!isObject(response)) return null;
  const parts: MessagePart[] = [];
  const thinking = words(response.thinking);
  const text = words(response.text);
  if (thinking) parts.push({ kind: 'thinking', tool: null, text: thinking });
  if (text) parts.push({ kind: 'text', tool: null, text });
  for (const event of Array.isArray(response.native) ? response.native : []) {
    if (!isObject(event)) continue;
    const { kind, ...rest } = event;
    parts.push({ kind: 'result', tool: `the provider's own ${words(kind) ?? 'tool'}`, text: pretty(rest) });
  }
  for (const call of Array.isArray(response.toolCalls) ? response.toolCalls : []) {
    if (isObject(call))
      parts.push({ kind: 'call', tool: words(call.name), text: pretty(call.arguments ?? {}) });
  }
  return { message: { role: 'assistant', parts }, finishReason: words(response.finishReason) };
}
