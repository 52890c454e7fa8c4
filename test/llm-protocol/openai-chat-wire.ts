import {
  asArray,
  asNumber,
  asObject,
  asString,
  newMessage,
  parseJsonOrText,
  textOf,
  type WireConversation,
  type WireMessage,
} from './conversation.ts';
import type { FinishReason } from './script.ts';
import {
  argumentText,
  bearerToken,
  type ContentStep,
  type ResolvedUsage,
  type ResponseEncoder,
  splitText,
  sseFrame,
  type WireProtocol,
} from './wire.ts';

/** OpenAI chat completions, the protocol of OpenAI-compatible servers. */
export const openaiChatWire: WireProtocol = {
  basePath: '/v1',
  matches: (path) => path === '/v1/chat/completions',
  readApiKey: bearerToken,
  readConversation,
  findRequestError: (body) =>
    asObject(body).stream === true ? undefined : 'this server only answers streaming requests',
  createEncoder,
  errorBody: (error) => JSON.stringify({ error: errorObject(error) }),
};

function errorObject(error: { message: string; code: string | undefined; status: number }) {
  return {
    message: error.message,
    type: error.status >= 500 ? 'server_error' : 'invalid_request_error',
    param: null,
    code: error.code ?? null,
  };
}

function readMessage(value: unknown): WireMessage {
  const message = asObject(value);
  switch (message.role) {
    case 'tool':
      return newMessage('tool', {
        toolResults: [{ id: asString(message.tool_call_id), text: textOf(message.content) }],
      });
    case 'assistant':
      return newMessage('assistant', {
        text: textOf(message.content),
        thinking: asString(message.reasoning_content) || asString(message.reasoning),
        toolCalls: asArray(message.tool_calls).map((call) => {
          const fn = asObject(asObject(call).function);
          return {
            id: asString(asObject(call).id),
            name: asString(fn.name),
            arguments: parseJsonOrText(asString(fn.arguments)),
          };
        }),
      });
    case 'system':
    case 'developer':
      return newMessage('system', { text: textOf(message.content) });
    default:
      return newMessage('user', { text: textOf(message.content) });
  }
}

function readConversation(body: unknown): WireConversation {
  const request = asObject(body);
  const all = asArray(request.messages).map(readMessage);
  const system = all.filter((message) => message.role === 'system');
  return {
    model: asString(request.model),
    system: system.map((message) => message.text).join('\n'),
    messages: all.filter((message) => message.role !== 'system'),
    tools: asArray(request.tools).map((tool) => {
      const fn = asObject(asObject(tool).function);
      return { name: asString(fn.name), description: asString(fn.description), parameters: fn.parameters };
    }),
    maxOutputTokens: asNumber(request.max_tokens) ?? asNumber(request.max_completion_tokens),
  };
}

const finishReasons: Record<FinishReason, string> = {
  stop: 'stop',
  tool_calls: 'tool_calls',
  length: 'length',
  content_filter: 'content_filter',
  pause: 'stop',
};

function createEncoder({
  model,
  responseId,
  body,
}: {
  model: string;
  responseId: string;
  body: unknown;
}): ResponseEncoder {
  const created = Math.floor(Date.now() / 1000);
  const wantsUsage = asObject(asObject(body).stream_options).include_usage === true;
  const envelope = { id: `chatcmpl-${responseId}`, object: 'chat.completion.chunk', created, model };
  const frame = (delta: unknown, finishReason: string | null = null): string =>
    sseFrame({ ...envelope, choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }] });
  let toolIndex = 0;

  function toolCall(step: Extract<ContentStep, { type: 'tool_call' }>, chunkSize: number): string[] {
    const index = toolIndex++;
    const id = step.id ?? `call_${responseId}_${index}`;
    const deltas = splitText(argumentText(step.arguments), chunkSize);
    return [
      frame({ tool_calls: [{ index, id, type: 'function', function: { name: step.name, arguments: '' } }] }),
      ...deltas.map((delta) => frame({ tool_calls: [{ index, function: { arguments: delta } }] })),
    ];
  }

  return {
    open: () => [frame({ role: 'assistant', content: '' })],
    content(step, chunkSize) {
      switch (step.type) {
        case 'thinking':
          return splitText(step.text, chunkSize).map((delta) => frame({ reasoning_content: delta }));
        case 'text':
          return splitText(step.text, chunkSize).map((delta) => frame({ content: delta }));
        case 'tool_call':
          return toolCall(step, chunkSize);
        case 'native_search':
        case 'native_page':
        case 'native_code':
          throw new Error('chat completions have no tools of their own');
      }
    },
    finish: (reason, usage) => [
      frame({}, finishReasons[reason]),
      ...(wantsUsage ? [sseFrame({ ...envelope, choices: [], usage: usageObject(usage) })] : []),
      sseFrame('[DONE]'),
    ],
    error: (error) => [sseFrame({ error: errorObject(error) })],
  };
}

function usageObject(usage: ResolvedUsage) {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  };
}
