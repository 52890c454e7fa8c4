import {
  asArray,
  asNumber,
  asObject,
  asString,
  newMessage,
  textOf,
  type WireConversation,
  type WireMessage,
} from './conversation.ts';
import { anthropicNative, findNativeError } from './native-anthropic.ts';
import type { FinishReason } from './script.ts';
import {
  argumentText,
  bearerToken,
  type ContentStep,
  headerText,
  type ResponseEncoder,
  splitText,
  sseFrame,
  type WireProtocol,
} from './wire.ts';

/** Anthropic's messages API. */
export const anthropicWire: WireProtocol = {
  basePath: '/v1',
  matches: (path) => path === '/v1/messages',
  readApiKey: (headers) => headerText(headers['x-api-key']) || bearerToken(headers),
  readConversation,
  findRequestError,
  createEncoder,
  errorBody: (error) => JSON.stringify({ type: 'error', error: errorObject(error) }),
};

type WireError = { message: string; code: string | undefined; status: number };

function errorObject(error: WireError) {
  return { type: error.code ?? errorType(error.status), message: error.message };
}

function errorType(status: number): string {
  switch (status) {
    case 400:
      return 'invalid_request_error';
    case 401:
      return 'authentication_error';
    case 403:
      return 'permission_error';
    case 404:
      return 'not_found_error';
    case 429:
      return 'rate_limit_error';
    case 529:
      return 'overloaded_error';
    default:
      return 'api_error';
  }
}

function findRequestError(body: unknown): string | undefined {
  const request = asObject(body);
  if (request.stream !== true) return 'this server only answers streaming requests';
  const maxTokens = asNumber(request.max_tokens);
  if (maxTokens === undefined) return 'max_tokens: Field required';
  const budget = asNumber(asObject(request.thinking).budget_tokens);
  if (budget !== undefined && budget >= maxTokens)
    return '`max_tokens` must be greater than `thinking.budget_tokens`';
  for (const message of asArray(request.messages)) {
    for (const value of asArray(asObject(message).content)) {
      const block = asObject(value);
      if (block.type === 'thinking' && asString(block.signature) === '')
        return 'thinking.signature: Field required';
      if (block.type === 'tool_use' && (typeof block.input !== 'object' || Array.isArray(block.input)))
        return 'tool_use.input: Input should be a valid dictionary';
    }
  }
  const native = findNativeError(asArray(request.messages));
  if (native !== undefined) return native;
  return asObject(request.thinking).type === 'enabled'
    ? findUnopenedTurn(asArray(request.messages))
    : undefined;
}

/** With thinking enabled, a tool turn that is still going on has to begin with thinking. */
function findUnopenedTurn(messages: unknown[]): string | undefined {
  const blocksOf = (message: unknown): unknown[] => asArray(asObject(message).content);
  const isResult = (block: unknown): boolean => asObject(block).type === 'tool_result';
  const lastQuestion = messages.findLastIndex(
    (message) => asObject(message).role === 'user' && !blocksOf(message).some(isResult),
  );
  for (const message of messages.slice(lastQuestion + 1)) {
    if (asObject(message).role !== 'assistant') continue;
    const types = blocksOf(message).map((block) => asString(asObject(block).type));
    if (types.includes('tool_use') && types[0] !== 'thinking' && types[0] !== 'redacted_thinking') {
      return `Expected \`thinking\` or \`redacted_thinking\`, but found \`${types[0]}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block`;
    }
  }
  return undefined;
}

function readBlocks(role: 'user' | 'assistant', content: unknown): WireMessage {
  if (typeof content === 'string') return newMessage(role, { text: content });
  const message = newMessage(role);
  for (const value of asArray(content)) {
    const block = asObject(value);
    if (block.type === 'text') message.text += asString(block.text);
    if (block.type === 'thinking') message.thinking += asString(block.thinking);
    if (block.type === 'tool_use')
      message.toolCalls.push({ id: asString(block.id), name: asString(block.name), arguments: block.input });
    if (block.type === 'tool_result')
      message.toolResults.push({ id: asString(block.tool_use_id), text: textOf(block.content) });
  }
  if (message.toolResults.length > 0 && message.text === '') message.role = 'tool';
  return message;
}

function readConversation(body: unknown): WireConversation {
  const request = asObject(body);
  return {
    model: asString(request.model),
    system: textOf(request.system),
    messages: asArray(request.messages).map((value) => {
      const message = asObject(value);
      return readBlocks(message.role === 'assistant' ? 'assistant' : 'user', message.content);
    }),
    tools: asArray(request.tools).map((value) => {
      const tool = asObject(value);
      return {
        name: asString(tool.name),
        description: asString(tool.description),
        parameters: tool.input_schema,
      };
    }),
    maxOutputTokens: asNumber(request.max_tokens),
  };
}

const stopReasons: Record<FinishReason, string> = {
  stop: 'end_turn',
  tool_calls: 'tool_use',
  length: 'max_tokens',
  content_filter: 'refusal',
  pause: 'pause_turn',
};

function createEncoder({ model, responseId }: { model: string; responseId: string }): ResponseEncoder {
  let index = 0;
  const event = (type: string, fields: Record<string, unknown>): string =>
    sseFrame({ type, ...fields }, type);

  function block(start: unknown, deltas: unknown[]): string[] {
    const at = index++;
    return [
      event('content_block_start', { index: at, content_block: start }),
      ...deltas.map((delta) => event('content_block_delta', { index: at, delta })),
      event('content_block_stop', { index: at }),
    ];
  }

  function content(step: ContentStep, chunkSize: number): string[] {
    switch (step.type) {
      case 'thinking':
        return block({ type: 'thinking', thinking: '', signature: '' }, [
          ...splitText(step.text, chunkSize).map((thinking) => ({ type: 'thinking_delta', thinking })),
          { type: 'signature_delta', signature: step.signature ?? `signature-${responseId}-${index}` },
        ]);
      case 'text':
        return block(
          { type: 'text', text: '' },
          splitText(step.text, chunkSize).map((text) => ({ type: 'text_delta', text })),
        );
      case 'tool_call':
        return block(
          { type: 'tool_use', id: step.id ?? `toolu_${responseId}_${index}`, name: step.name, input: {} },
          splitText(argumentText(step.arguments), chunkSize).map((partial) => ({
            type: 'input_json_delta',
            partial_json: partial,
          })),
        );
      case 'native_search':
      case 'native_page':
      case 'native_code': {
        const { call, result } = anthropicNative(step, `srvtoolu_${responseId}_${index}`);
        const { input, ...start } = call;
        const json = JSON.stringify(input);
        return [
          ...block({ ...start, input: {} }, [{ type: 'input_json_delta', partial_json: json }]),
          ...block(result, []),
        ];
      }
    }
  }

  return {
    open: () => [
      event('message_start', {
        message: {
          id: `msg_${responseId}`,
          type: 'message',
          role: 'assistant',
          model,
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { input_tokens: 1, output_tokens: 1 },
        },
      }),
      event('ping', {}),
    ],
    content,
    finish: (reason, usage) => [
      event('message_delta', {
        delta: { stop_reason: stopReasons[reason], stop_sequence: null },
        usage: {
          input_tokens: usage.inputTokens - usage.cachedInputTokens,
          cache_read_input_tokens: usage.cachedInputTokens,
          cache_creation_input_tokens: 0,
          output_tokens: usage.outputTokens,
        },
      }),
      event('message_stop', {}),
    ],
    error: (error) => [event('error', { error: errorObject(error) })],
  };
}
