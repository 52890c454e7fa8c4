import type { AssistantModelMessage, ModelMessage, ToolModelMessage } from 'ai';

/** A row of the conversation. `seq` ascends; the system prompt is the first. */
export type ConversationEntry = { seq: number; message: ModelMessage };

export type RequestedCall = { callId: string; wireName: string; arguments: Record<string, unknown> };

/** The calls of an assistant message, in the model's order. */
export function callsOf(message: AssistantModelMessage): RequestedCall[] {
  if (typeof message.content === 'string') return [];
  return message.content.flatMap((part) =>
    part.type === 'tool-call'
      ? [{ callId: part.toolCallId, wireName: part.toolName, arguments: asObject(part.input) }]
      : [],
  );
}

export function textOf(message: ModelMessage): string {
  if (typeof message.content === 'string') return message.content;
  return message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** Calls of the last assistant message that have no results yet: the run stopped, or is, in the middle of them. */
export function unansweredCalls(messages: readonly ModelMessage[]): RequestedCall[] {
  const last = messages.at(-1);
  return last?.role === 'assistant' ? callsOf(last) : [];
}

/** Results in the order of the calls. Each names its id in the last line, which is how the answer refers to it. */
export function toolResultsMessage(
  results: { callId: string; wireName: string; text: string; failed: boolean }[],
): ToolModelMessage {
  return {
    role: 'tool',
    content: results.map(({ callId, wireName, text, failed }) => ({
      type: 'tool-result',
      toolCallId: callId,
      toolName: wireName,
      output: { type: failed ? 'error-text' : 'text', value: `${text}\n\n[tool: ${callId}]` },
    })),
  };
}

/**
 * Ids of calls made unique within the execution: some servers number them per turn, and a reference in the answer must
 * name one result. Changes the message and the calls alike.
 */
export function withUniqueCallIds(
  messages: readonly ModelMessage[],
  answer: readonly ModelMessage[],
): { messages: ModelMessage[]; renamed: Map<string, string> } {
  const taken = new Set(
    messages.flatMap((message) =>
      message.role === 'assistant' ? callsOf(message).map((call) => call.callId) : [],
    ),
  );
  const renamed = new Map<string, string>();
  const changed = answer.map((message): ModelMessage => {
    if (message.role !== 'assistant' || typeof message.content === 'string') return message;
    return {
      ...message,
      content: message.content.map((part) => {
        if (part.type !== 'tool-call') return part;
        const toolCallId = freeId(part.toolCallId, taken);
        taken.add(toolCallId);
        if (toolCallId !== part.toolCallId) renamed.set(part.toolCallId, toolCallId);
        return { ...part, toolCallId };
      }),
    };
  });
  return { messages: changed, renamed };
}

function freeId(id: string, taken: ReadonlySet<string>): string {
  if (!taken.has(id)) return id;
  for (let n = 2; ; n += 1) if (!taken.has(`${id}-${n}`)) return `${id}-${n}`;
}

/** The same call whatever the order of its keys. */
export function callKey(wireName: string, args: unknown): string {
  return `${wireName} ${JSON.stringify(args, (_key, value: unknown) => (isObject(value) ? sortKeys(value) : value))}`;
}

function sortKeys(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const asObject = (value: unknown): Record<string, unknown> => (isObject(value) ? value : { input: value });
