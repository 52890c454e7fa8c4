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
import { encodeNative, findNativeError } from './native-openai.ts';
import type { ItemOptions } from './responses-item.ts';
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

/** The OpenAI Responses API, which the OpenAI and the xAI providers of the SDK speak by default. */
export const openaiResponsesWire: WireProtocol = {
  basePath: '/v1',
  matches: (path) => path === '/v1/responses',
  readApiKey: bearerToken,
  readConversation,
  findRequestError: (body) =>
    asObject(body).stream === true ? findNativeError(body) : 'this server only answers streaming requests',
  createEncoder,
  errorBody: (error) => JSON.stringify({ error: errorObject(error) }),
};

type WireError = { message: string; code: string | undefined; status: number };

function errorObject(error: WireError) {
  return {
    message: error.message,
    type: error.status >= 500 ? 'server_error' : 'invalid_request_error',
    param: null,
    code: error.code ?? null,
  };
}

function readItem(value: unknown): WireMessage {
  const item = asObject(value);
  switch (item.type) {
    case 'function_call':
      return newMessage('assistant', {
        toolCalls: [
          {
            id: asString(item.call_id),
            name: asString(item.name),
            arguments: parseJsonOrText(asString(item.arguments)),
          },
        ],
      });
    case 'function_call_output':
      return newMessage('tool', { toolResults: [{ id: asString(item.call_id), text: textOf(item.output) }] });
    case 'reasoning':
      return newMessage('assistant', { thinking: textOf(item.summary) });
    default: {
      const role = item.role === 'assistant' ? 'assistant' : isSystemRole(item.role) ? 'system' : 'user';
      return newMessage(role, { text: textOf(item.content) });
    }
  }
}

function isSystemRole(role: unknown): boolean {
  return role === 'system' || role === 'developer';
}

/** The API sends the parts of one assistant turn as separate items; one turn is one message here. */
function mergeAssistantItems(items: WireMessage[]): WireMessage[] {
  const merged: WireMessage[] = [];
  for (const item of items) {
    const last = merged.at(-1);
    if (item.role === 'assistant' && last?.role === 'assistant') {
      last.text += item.text;
      last.thinking += item.thinking;
      last.toolCalls.push(...item.toolCalls);
    } else {
      merged.push(item);
    }
  }
  return merged;
}

function readConversation(body: unknown): WireConversation {
  const request = asObject(body);
  const input =
    typeof request.input === 'string' ? [{ role: 'user', content: request.input }] : asArray(request.input);
  const all = mergeAssistantItems(input.map(readItem));
  const system = [
    asString(request.instructions),
    ...all.filter((message) => message.role === 'system').map((message) => message.text),
  ];
  return {
    model: asString(request.model),
    system: system.filter((text) => text !== '').join('\n'),
    messages: all.filter((message) => message.role !== 'system'),
    tools: asArray(request.tools).map((value) => {
      const tool = asObject(value);
      return {
        name: asString(tool.name),
        description: asString(tool.description),
        parameters: tool.parameters,
      };
    }),
    maxOutputTokens: asNumber(request.max_output_tokens),
  };
}

function createEncoder({ model, responseId }: { model: string; responseId: string }): ResponseEncoder {
  let sequence = 0;
  const output: unknown[] = [];
  const event = (type: string, fields: Record<string, unknown>): string =>
    sseFrame({ type, sequence_number: sequence++, ...fields }, type);
  const response = (status: string, fields: Record<string, unknown> = {}) => ({
    id: `resp_${responseId}`,
    object: 'response',
    created_at: Math.floor(Date.now() / 1000),
    status,
    model,
    output: [...output],
    error: null,
    incomplete_details: null,
    usage: null,
    ...fields,
  });

  return {
    open: () => [
      event('response.created', { response: response('in_progress') }),
      event('response.in_progress', { response: response('in_progress') }),
    ],
    content(step, chunkSize) {
      const outputIndex = output.length;
      const { frames, item } = encodeItem({ step, chunkSize, outputIndex, responseId, event });
      output.push(item);
      return frames;
    },
    finish(reason, usage) {
      const incomplete =
        reason === 'length' ? 'max_output_tokens' : reason === 'content_filter' ? 'content_filter' : null;
      const type = incomplete === null ? 'response.completed' : 'response.incomplete';
      return [
        event(type, {
          response: response(incomplete === null ? 'completed' : 'incomplete', {
            usage: usageObject(usage),
            incomplete_details: incomplete === null ? null : { reason: incomplete },
          }),
        }),
      ];
    },
    error: (error) => [
      event('error', { code: error.code ?? 'server_error', message: error.message, param: null }),
      event('response.failed', {
        response: response('failed', {
          error: { code: error.code ?? 'server_error', message: error.message },
        }),
      }),
    ],
  };
}

function encodeItem(options: ItemOptions): { frames: string[]; item: unknown } {
  switch (options.step.type) {
    case 'thinking':
      return encodeReasoning(options, options.step);
    case 'text':
      return encodeText(options, options.step.text);
    case 'tool_call':
      return encodeFunctionCall(options, options.step);
    case 'native_search':
    case 'native_page':
    case 'native_code':
      return encodeNative(options, options.step);
  }
}

function encodeReasoning(
  { chunkSize, outputIndex, responseId, event }: ItemOptions,
  step: Extract<ContentStep, { type: 'thinking' }>,
) {
  const id = `rs_${responseId}_${outputIndex}`;
  const place = { item_id: id, output_index: outputIndex, summary_index: 0 };
  const part = { type: 'summary_text', text: step.text };
  const encrypted = step.signature ?? `encrypted-${id}`;
  const item = {
    id,
    type: 'reasoning',
    summary: [part],
    status: 'completed',
    encrypted_content: encrypted,
  };
  const frames = [
    event('response.output_item.added', {
      output_index: outputIndex,
      item: { id, type: 'reasoning', summary: [], status: 'in_progress', encrypted_content: '' },
    }),
    event('response.reasoning_summary_part.added', { ...place, part: { type: 'summary_text', text: '' } }),
    ...splitText(step.text, chunkSize).map((delta) =>
      event('response.reasoning_summary_text.delta', { ...place, delta }),
    ),
    event('response.reasoning_summary_text.done', { ...place, text: step.text }),
    event('response.reasoning_summary_part.done', { ...place, part }),
    event('response.output_item.done', { output_index: outputIndex, item }),
  ];
  return { frames, item };
}

function encodeText({ chunkSize, outputIndex, responseId, event }: ItemOptions, text: string) {
  const id = `msg_${responseId}_${outputIndex}`;
  const place = { item_id: id, output_index: outputIndex, content_index: 0 };
  const part = { type: 'output_text', text, annotations: [], logprobs: [] };
  const item = { id, type: 'message', status: 'completed', role: 'assistant', content: [part] };
  const frames = [
    event('response.output_item.added', {
      output_index: outputIndex,
      item: { id, type: 'message', status: 'in_progress', role: 'assistant', content: [] },
    }),
    event('response.content_part.added', { ...place, part: { ...part, text: '' } }),
    ...splitText(text, chunkSize).map((delta) =>
      event('response.output_text.delta', { ...place, delta, logprobs: [] }),
    ),
    event('response.output_text.done', { ...place, text, logprobs: [] }),
    event('response.content_part.done', { ...place, part }),
    event('response.output_item.done', { output_index: outputIndex, item }),
  ];
  return { frames, item };
}

function encodeFunctionCall(
  { chunkSize, outputIndex, responseId, event }: ItemOptions,
  step: Extract<ContentStep, { type: 'tool_call' }>,
) {
  const id = `fc_${responseId}_${outputIndex}`;
  const call = {
    id,
    type: 'function_call',
    call_id: step.id ?? `call_${responseId}_${outputIndex}`,
    name: step.name,
  };
  const text = argumentText(step.arguments);
  const place = { item_id: id, output_index: outputIndex };
  const item = { ...call, arguments: text, status: 'completed' };
  const frames = [
    event('response.output_item.added', {
      output_index: outputIndex,
      item: { ...call, arguments: '', status: 'in_progress' },
    }),
    ...splitText(text, chunkSize).map((delta) =>
      event('response.function_call_arguments.delta', { ...place, delta }),
    ),
    event('response.function_call_arguments.done', { ...place, name: step.name, arguments: text }),
    event('response.output_item.done', { output_index: outputIndex, item }),
  ];
  return { frames, item };
}

function usageObject(usage: ResolvedUsage) {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: usage.cachedInputTokens },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}
