/** A request body of any provider, read into one form, so that scripts and assertions need not know the provider. */
export type WireToolCall = { id: string; name: string; arguments: unknown };
export type WireToolResult = { id: string; name?: string; text: string };
export type WireMessage = {
  role: 'system' | 'user' | 'assistant' | 'tool';
  text: string;
  thinking: string;
  toolCalls: WireToolCall[];
  toolResults: WireToolResult[];
};
export type WireConversation = {
  model: string;
  system: string;
  messages: WireMessage[];
  tools: { name: string; description: string; parameters: unknown }[];
  maxOutputTokens: number | undefined;
};

export type JsonObject = Record<string, unknown>;

/** The value as an object, or an empty one: request bodies are foreign data. */
export function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

export function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asString(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** Parses JSON, or gives the text back. */
export function parseJsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) {
    return value.map((part) => asString(asObject(part).text) || asString(asObject(part).content)).join('');
  }
  return JSON.stringify(value);
}

export function newMessage(role: WireMessage['role'], fields: Partial<WireMessage> = {}): WireMessage {
  return { role, text: '', thinking: '', toolCalls: [], toolResults: [], ...fields };
}

/**
 * The rule that all providers enforce and that a scripted double would otherwise let pass: each tool call of an
 * assistant message is answered, once, before the next assistant or user message, and no result is without its call.
 * @returns what is wrong, or undefined
 */
export function findConversationError(conversation: WireConversation): string | undefined {
  let open = new Map<string, string>();
  for (const message of conversation.messages) {
    for (const result of message.toolResults) {
      if (!open.delete(result.id)) return `tool result "${result.id}" has no matching tool call before it`;
    }
    const startsNewTurn = message.role === 'assistant' || (message.role === 'user' && message.text !== '');
    if (startsNewTurn && open.size > 0)
      return `tool calls without a result: ${[...open.values()].join(', ')}`;
    if (message.role !== 'assistant') continue;
    open = new Map(message.toolCalls.map((call) => [call.id, `${call.name} (${call.id})`]));
    if (open.size !== message.toolCalls.length) return 'two tool calls of one message have the same id';
  }
  if (open.size > 0) return `tool calls without a result: ${[...open.values()].join(', ')}`;
  if (conversation.messages.length === 0) return 'the conversation is empty';
  return undefined;
}
