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
import { createGrounding, findNativeError } from './native-google.ts';
import type { FinishReason } from './script.ts';
import {
  argumentText,
  type ContentStep,
  headerText,
  type ResolvedUsage,
  type ResponseEncoder,
  splitText,
  sseFrame,
  type WireProtocol,
} from './wire.ts';

/** Google's streamGenerateContent, for the Gemini API and for Vertex AI (the same messages below another path). */
function createGoogleWire(basePath: string): WireProtocol {
  return {
    basePath,
    matches: (path) => path.startsWith(`${basePath}/models/`) && path.endsWith(':streamGenerateContent'),
    readApiKey: (headers) => headerText(headers['x-goog-api-key']),
    readConversation,
    findRequestError: findNativeError,
    createEncoder,
    errorBody: (error) => JSON.stringify({ error: errorObject(error) }),
  };
}

export const googleWire = createGoogleWire('/v1beta');
export const vertexWire = createGoogleWire('/v1/publishers/google');

type WireError = { message: string; code: string | undefined; status: number };

function errorObject(error: WireError) {
  return { code: error.status, message: error.message, status: error.code ?? statusName(error.status) };
}

function statusName(status: number): string {
  switch (status) {
    case 400:
      return 'INVALID_ARGUMENT';
    case 401:
      return 'UNAUTHENTICATED';
    case 403:
      return 'PERMISSION_DENIED';
    case 404:
      return 'NOT_FOUND';
    case 429:
      return 'RESOURCE_EXHAUSTED';
    case 503:
      return 'UNAVAILABLE';
    default:
      return 'INTERNAL';
  }
}

/** Gemini names no call ids; calls and responses match by name and order. */
function readContents(contents: unknown[]): WireMessage[] {
  const open: { id: string; name: string }[] = [];
  let counter = 0;
  return contents.map((value) => {
    const content = asObject(value);
    const message = newMessage(content.role === 'model' ? 'assistant' : 'user');
    for (const partValue of asArray(content.parts)) {
      const part = asObject(partValue);
      if (typeof part.text === 'string') message[part.thought === true ? 'thinking' : 'text'] += part.text;
      if (part.functionCall !== undefined) {
        const call = asObject(part.functionCall);
        const id = asString(call.id) || `call-${counter++}`;
        open.push({ id, name: asString(call.name) });
        message.toolCalls.push({ id, name: asString(call.name), arguments: call.args ?? {} });
      }
      if (part.functionResponse !== undefined) {
        const response = asObject(part.functionResponse);
        const name = asString(response.name);
        const at = open.findIndex((call) => call.id === response.id || (!response.id && call.name === name));
        const id = at === -1 ? asString(response.id) || name : (open.splice(at, 1)[0]?.id ?? '');
        message.toolResults.push({ id, name, text: readFunctionResponse(response.response) });
      }
    }
    if (message.toolResults.length > 0 && message.text === '') message.role = 'tool';
    return message;
  });
}

function readFunctionResponse(value: unknown): string {
  const response = asObject(value);
  return textOf(response.content ?? response.output ?? response.result ?? response);
}

function readConversation(body: unknown, path: string): WireConversation {
  const request = asObject(body);
  const model = /\/models\/([^/:]+):/.exec(path)?.[1] ?? '';
  return {
    model: decodeURIComponent(model),
    system: textOf(asObject(request.systemInstruction).parts),
    messages: readContents(asArray(request.contents)),
    tools: asArray(request.tools).flatMap((group) =>
      asArray(asObject(group).functionDeclarations).map((value) => {
        const tool = asObject(value);
        return {
          name: asString(tool.name),
          description: asString(tool.description),
          parameters: tool.parameters ?? tool.parametersJsonSchema,
        };
      }),
    ),
    maxOutputTokens: asNumber(asObject(request.generationConfig).maxOutputTokens),
  };
}

const finishReasons: Record<FinishReason, string> = {
  stop: 'STOP',
  tool_calls: 'STOP',
  length: 'MAX_TOKENS',
  content_filter: 'SAFETY',
  pause: 'STOP',
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
  const grounding = createGrounding(body, responseId);
  let malformed: string | undefined;
  let callIndex = 0;
  const chunk = (parts: unknown[], fields: Record<string, unknown> = {}, usage?: ResolvedUsage): string =>
    sseFrame({
      candidates: [{ content: { role: 'model', parts }, index: 0, ...fields }],
      ...(usage === undefined ? {} : { usageMetadata: usageObject(usage) }),
      modelVersion: model,
      responseId,
    });

  function functionCall(step: Extract<ContentStep, { type: 'tool_call' }>): string[] {
    const args = parseJsonOrText(argumentText(step.arguments));
    if (typeof args !== 'object' || args === null || Array.isArray(args)) {
      // Gemini never sends arguments that are not an object: it reports the whole call as malformed instead.
      malformed = `Malformed function call: print(default_api.${step.name}(${argumentText(step.arguments)}))`;
      return [];
    }
    const id = step.id === undefined ? {} : { id: step.id };
    return [
      chunk([
        {
          functionCall: { name: step.name, args, ...id },
          thoughtSignature: `signature-${responseId}-${callIndex++}`,
        },
      ]),
    ];
  }

  return {
    open: () => [],
    content(step, chunkSize) {
      switch (step.type) {
        case 'thinking':
          return splitText(step.text, chunkSize).map((text) => chunk([{ text, thought: true }]));
        case 'text':
          return splitText(step.text, chunkSize).map((text) => chunk([{ text }]));
        case 'tool_call':
          return functionCall(step);
        case 'native_search':
        case 'native_page':
        case 'native_code':
          return grounding.parts(step).map((part) => chunk([part]));
      }
    },
    finish: (reason, usage) => [
      malformed === undefined
        ? chunk([{ text: '' }], { finishReason: finishReasons[reason], ...grounding.metadata() }, usage)
        : chunk([], { finishReason: 'MALFORMED_FUNCTION_CALL', finishMessage: malformed }, usage),
    ],
    error: (error) => [sseFrame({ error: errorObject(error) })],
  };
}

function usageObject(usage: ResolvedUsage) {
  return {
    promptTokenCount: usage.inputTokens,
    cachedContentTokenCount: usage.cachedInputTokens,
    candidatesTokenCount: usage.outputTokens - usage.reasoningTokens,
    thoughtsTokenCount: usage.reasoningTokens,
    totalTokenCount: usage.inputTokens + usage.outputTokens,
  };
}
