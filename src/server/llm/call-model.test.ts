import { setTimeout as sleep } from 'node:timers/promises';
import type { ModelMessage } from 'ai';
import { afterEach, describe, expect, it } from 'vitest';
import type { Turn } from '#test/llm-protocol/script.ts';
import {
  type ProtocolServer,
  type Script,
  startProtocolServer,
} from '#test/llm-protocol/start-protocol-server.ts';
import type { ProtocolKind } from '#test/llm-protocol/wire.ts';
import { callModel } from './call-model.ts';
import { LlmError } from './llm-error.ts';
import type { CallModelOptions, LlmChunk, LlmResult, NamedLlmProvider, ToolSpec } from './types.ts';

const KEY = 'test-key-never-to-be-shown';
const models: Record<ProtocolKind, string> = {
  openai: 'gpt-5.1',
  xai: 'grok-4',
  'openai-compatible': 'local-model',
  anthropic: 'claude-sonnet-4-20250514',
  google: 'gemini-2.5-pro',
  vertex: 'gemini-2.5-pro',
};
const kinds: ProtocolKind[] = ['openai', 'xai', 'openai-compatible', 'anthropic', 'google', 'vertex'];
const tools: ToolSpec[] = [
  {
    name: 'k8s__pods_list',
    description: 'Lists pods',
    inputSchema: { type: 'object', properties: { namespace: { type: 'string' } }, required: ['namespace'] },
  },
  { name: 'k8s__events', description: 'Lists events', inputSchema: { type: 'object' } },
];
const question: ModelMessage[] = [{ role: 'user', content: 'Why does checkout restart?' }];
const fastRetry = { baseDelayMs: 1, maxDelayMs: 2 };

const servers: ProtocolServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(kind: ProtocolKind, script: Script) {
  const server = await startProtocolServer({ kind, script, apiKey: KEY });
  servers.push(server);
  const provider: NamedLlmProvider = {
    name: 'main',
    type: kind,
    model: models[kind],
    baseUrl: server.baseUrl,
    apiKey: KEY,
    headers: {},
    contextTokens: 128_000,
    maxOutputTokens: 4_000,
  };
  return { server, provider };
}

type Outcome = { chunks: LlmChunk[]; result?: LlmResult; error?: unknown };

async function run(provider: NamedLlmProvider, overrides: Partial<CallModelOptions> = {}): Promise<Outcome> {
  const chunks: LlmChunk[] = [];
  const call = callModel({
    provider,
    system: 'You are an SRE.',
    messages: question,
    tools,
    signal: new AbortController().signal,
    retry: fastRetry,
    ...overrides,
  });
  try {
    for (;;) {
      const next = await call.next();
      if (next.done === true) return { chunks, result: next.value };
      chunks.push(next.value);
    }
  } catch (error) {
    return { chunks, error };
  }
}

async function succeed(provider: NamedLlmProvider, overrides: Partial<CallModelOptions> = {}) {
  const { chunks, result, error } = await run(provider, overrides);
  if (result === undefined) throw error;
  return { chunks, result };
}

async function fail(provider: NamedLlmProvider, overrides: Partial<CallModelOptions> = {}) {
  const { chunks, error } = await run(provider, overrides);
  if (!(error instanceof LlmError)) throw new Error(`expected an LlmError, got ${String(error)}`);
  return { chunks, error };
}

const join = (chunks: LlmChunk[], type: 'text' | 'thinking'): string =>
  chunks.flatMap((chunk) => (chunk.type === type ? [chunk.delta] : [])).join('');

const retriesOf = (chunks: LlmChunk[]) => chunks.flatMap((chunk) => (chunk.type === 'retry' ? [chunk] : []));

function answerTools(result: LlmResult, messages: ModelMessage[], text: string): ModelMessage[] {
  return [
    ...messages,
    ...result.messages,
    {
      role: 'tool',
      content: result.toolCalls.map((call) => ({
        type: 'tool-result',
        toolCallId: call.id,
        toolName: call.name,
        output: { type: 'text', value: `${text} ${call.name}` },
      })),
    },
  ];
}

describe.each(kinds)('callModel over the %s protocol', (kind) => {
  it('streams text and thinking and reports usage', async () => {
    const text = 'The secret checkout-db has no key named dsn.';
    const { server, provider } = await start(kind, [
      {
        thinking: 'The pod restarts. Look at its secret.',
        text,
        usage: { inputTokens: 100, outputTokens: 30, reasoningTokens: 10, cachedInputTokens: 40 },
      },
    ]);
    const bodies: unknown[] = [];
    const { chunks, result } = await succeed(provider, { onRequest: (info) => bodies.push(info.body) });

    expect(join(chunks, 'text')).toBe(text);
    expect(chunks.filter((chunk) => chunk.type === 'text').length).toBeGreaterThan(1);
    expect(join(chunks, 'thinking')).toBe('The pod restarts. Look at its secret.');
    expect(result).toMatchObject({ text, thinking: 'The pod restarts. Look at its secret.', toolCalls: [] });
    expect(result).toMatchObject({
      finishReason: 'stop',
      provider: 'main',
      model: models[kind],
      attempts: 1,
    });
    expect(result.usage).toMatchObject({
      inputTokens: 100,
      outputTokens: 30,
      cachedInputTokens: 40,
      cacheWriteTokens: 0,
      estimated: false,
    });
    expect(server.requests[0]?.conversation).toMatchObject({
      model: models[kind],
      system: 'You are an SRE.',
      messages: [{ role: 'user', text: 'Why does checkout restart?' }],
      tools: [{ name: 'k8s__pods_list', description: 'Lists pods' }, { name: 'k8s__events' }],
    });
    expect(bodies).toHaveLength(1);
    expect(JSON.stringify(bodies)).toContain('Why does checkout restart?');
  });

  it('returns several tool calls of one turn and takes their results back', async () => {
    const { server, provider } = await start(kind, [
      {
        thinking: 'List the pods first.',
        text: 'Looking.',
        toolCalls: [
          { name: 'k8s__pods_list', arguments: { namespace: 'shop', limit: 5 } },
          { name: 'k8s__events', arguments: {} },
        ],
      },
      'It lacks a secret.',
    ]);
    const first = await succeed(provider);
    expect(first.result.finishReason).toBe('tool-calls');
    expect(first.result.toolCalls).toMatchObject([
      { name: 'k8s__pods_list', arguments: { namespace: 'shop', limit: 5 } },
      { name: 'k8s__events', arguments: {} },
    ]);
    expect(first.chunks.filter((chunk) => chunk.type === 'tool_call_started').length).toBeGreaterThan(0);

    // As it comes back from a database row.
    const stored: ModelMessage[] = JSON.parse(
      JSON.stringify(answerTools(first.result, question, 'result of')),
    );
    const second = await succeed(provider, { messages: stored });
    expect(second.result.text).toBe('It lacks a secret.');

    const sent = server.requests[1]?.conversation.messages ?? [];
    const assistant = sent.filter((message) => message.role === 'assistant');
    expect(assistant).toMatchObject([
      {
        text: 'Looking.',
        toolCalls: [
          { name: 'k8s__pods_list', arguments: { namespace: 'shop', limit: 5 } },
          { name: 'k8s__events' },
        ],
      },
    ]);
    expect(sent.flatMap((message) => message.toolResults).map((result) => result.text)).toEqual([
      expect.stringContaining('result of k8s__pods_list'),
      expect.stringContaining('result of k8s__events'),
    ]);
    expect(server.requests.map((request) => request.outcome)).toEqual(['answered', 'answered']);
  });

  it('waits as long as a 429 asks and then succeeds', async () => {
    const { server, provider } = await start(kind, [
      { httpError: { status: 429, message: 'slow down', headers: { 'retry-after': '0.2' } } },
      'fine',
    ]);
    const { chunks, result } = await succeed(provider);
    expect(result).toMatchObject({ text: 'fine', attempts: 2 });
    const [retry] = retriesOf(chunks);
    expect(retry?.error).toMatchObject({ code: 'rate_limited', statusCode: 429, retryAfterMs: 200 });
    expect(retry?.delayMs).toBeGreaterThanOrEqual(200);
    const [first, second] = server.requests;
    expect((second?.receivedAtMs ?? 0) - (first?.receivedAtMs ?? 0)).toBeGreaterThanOrEqual(199);
  });

  it('gives up after three retries of a server error', async () => {
    const { server, provider } = await start(kind, {
      fallback: { httpError: { status: 500, message: 'boom' } },
    });
    const { chunks, error } = await fail(provider);
    expect(error).toMatchObject({
      code: 'server_error',
      statusCode: 500,
      attempts: 4,
      retriesExhausted: true,
    });
    expect(retriesOf(chunks).map((chunk) => chunk.attempt)).toEqual([1, 2, 3]);
    expect(server.requests).toHaveLength(4);
  });

  it.each(['cut', 'reset'] as const)('repeats a stream that ended early (%s)', async (ending) => {
    const { provider } = await start(kind, [
      { steps: [{ type: 'text', text: 'The pod restarts because' }, { type: ending }] },
      'The whole answer.',
    ]);
    const { chunks, result } = await succeed(provider);
    expect(retriesOf(chunks)).toMatchObject([{ error: { code: 'cut_stream' } }]);
    const afterRetry = chunks.slice(chunks.findIndex((chunk) => chunk.type === 'retry'));
    expect(join(afterRetry, 'text')).toBe('The whole answer.');
    expect(result).toMatchObject({ text: 'The whole answer.', attempts: 2 });
  });

  it('repeats a stream that stalls', async () => {
    const { server, provider } = await start(kind, [
      { steps: [{ type: 'text', text: 'The pod' }, { type: 'stall' }] },
      'done',
    ]);
    const { chunks, result } = await succeed(provider, { timeouts: { stallMs: 100 } });
    expect(retriesOf(chunks)).toMatchObject([{ error: { code: 'stalled' } }]);
    expect(result.text).toBe('done');
    await expect.poll(() => server.requests[0]?.outcome).toBe('client_left');
  });

  it('repeats a request without a first chunk', async () => {
    const { provider } = await start(kind, [{ steps: [{ type: 'stall' }] }, 'done']);
    const { chunks } = await succeed(provider, { timeouts: { firstChunkMs: 150 } });
    expect(retriesOf(chunks)).toMatchObject([{ error: { code: 'timeout_first_chunk' } }]);
  });

  it('repeats after an error inside the stream', async () => {
    const code =
      kind === 'anthropic'
        ? 'overloaded_error'
        : kind === 'google' || kind === 'vertex'
          ? 'UNAVAILABLE'
          : 'server_error';
    const { provider } = await start(kind, [
      {
        steps: [
          { type: 'text', text: 'The pod' },
          { type: 'error', message: 'try again later', code, status: 503 },
        ],
      },
      'done',
    ]);
    const { chunks, result } = await succeed(provider);
    const [retry] = retriesOf(chunks);
    expect(['overloaded', 'server_error']).toContain(retry?.error.code);
    expect(retry?.error.safeMessage).toContain('try again later');
    expect(result.text).toBe('done');
  });

  it.each([
    ['an error before any output', { steps: [{ type: 'error', message: 'try again', status: 503 }] }],
    [
      'a damaged event',
      {
        steps: [
          { type: 'text', text: 'The' },
          { type: 'raw', data: 'data: {"broken\n\n' },
        ],
      },
    ],
  ] satisfies [string, Turn][])('repeats after %s', async (_case, turn) => {
    const { provider } = await start(kind, [turn, 'done']);
    const { chunks, result } = await succeed(provider);
    expect(retriesOf(chunks)).toHaveLength(1);
    expect(retriesOf(chunks)[0]?.error.retryable).toBe(true);
    expect(result).toMatchObject({ text: 'done', attempts: 2 });
  });

  it('stops at once when the credentials are refused, without showing them', async () => {
    const { server, provider } = await start(kind, ['never']);
    const { error } = await fail({ ...provider, apiKey: 'wrong-key-12345' });
    expect(error).toMatchObject({ code: 'credentials', statusCode: 401, retryable: false, attempts: 1 });
    expect(JSON.stringify([error.message, error.safeMessage])).not.toContain('wrong-key-12345');
    expect(server.requests).toHaveLength(1);
  });

  it('recognises a conversation that is too long', async () => {
    const { provider } = await start(kind, [
      {
        httpError: {
          status: 400,
          message: "This model's maximum context length is 8192 tokens",
          code: 'context_length_exceeded',
        },
      },
    ]);
    expect((await fail(provider)).error).toMatchObject({ code: 'context_overflow', attempts: 1 });
  });

  it('aborts promptly while streaming and lets the provider go', async () => {
    const { server, provider } = await start(kind, [
      { steps: [{ type: 'text', text: 'The pod' }, { type: 'stall' }] },
    ]);
    const controller = new AbortController();
    const call = callModel({ provider, messages: question, tools, signal: controller.signal });
    await call.next();
    const pending = call.next().then(async (next) => (next.done === true ? next : await call.next()));
    controller.abort();
    await expect(pending).rejects.toMatchObject({ code: 'aborted', retryable: false });
    await expect.poll(() => server.requests[0]?.outcome).toBe('client_left');
    expect(server.requests).toHaveLength(1);
  });
});

describe('malformed arguments', () => {
  const call = (text: string): Turn => ({ toolCalls: [{ name: 'k8s__pods_list', arguments: text }] });

  it.each(['openai', 'xai', 'openai-compatible', 'anthropic'] as const)(
    'come back as an invalid call over %s and the conversation goes on',
    async (kind) => {
      const broken = '{"namespace": "shop", "selector": ';
      const { server, provider } = await start(kind, [call(broken), 'Again.']);
      const first = await succeed(provider);
      expect(first.result.toolCalls).toMatchObject([
        { name: 'k8s__pods_list', arguments: { input: broken }, invalid: { raw: broken } },
      ]);
      const second = await succeed(provider, { messages: answerTools(first.result, question, 'not JSON:') });
      expect(second.result.text).toBe('Again.');
      expect(server.requests[1]?.outcome).toBe('answered');
    },
  );

  it.each(['openai', 'xai', 'openai-compatible', 'anthropic'] as const)(
    'are read leniently over %s',
    async (kind) => {
      const { provider } = await start(kind, [call('namespace: shop\nlimit: 3')]);
      const { result } = await succeed(provider);
      expect(result.toolCalls).toMatchObject([{ arguments: { namespace: 'shop', limit: 3 } }]);
      expect(result.toolCalls[0]?.invalid).toBeUndefined();
    },
  );

  it('are asked for once more where the provider swallows the call', async () => {
    const { server, provider } = await start('google', { fallback: call('{"namespace": ') });
    const { error } = await fail(provider);
    expect(error).toMatchObject({ code: 'empty', attempts: 2 });
    expect(error.safeMessage).toContain('Malformed function call');
    expect(server.requests).toHaveLength(2);
  });
});

describe('thinking', () => {
  it('goes back to Anthropic with its signature', async () => {
    const { server, provider } = await start('anthropic', [
      {
        steps: [{ type: 'thinking', text: 'Look at pods.', signature: 'sig-1' }],
        toolCalls: [{ name: 'k8s__events' }],
      },
      'ok',
    ]);
    const first = await succeed(provider);
    await succeed(provider, { messages: answerTools(first.result, question, 'r') });
    const body = JSON.stringify(server.requests[1]?.body);
    expect(body).toContain('"thinking":"Look at pods.","signature":"sig-1"');
    expect(JSON.stringify(server.requests[0]?.body)).toContain(
      '"thinking":{"type":"enabled","budget_tokens":',
    );
  });

  it('goes back to OpenAI encrypted, and nothing is stored there', async () => {
    const { server, provider } = await start('openai', [
      {
        steps: [{ type: 'thinking', text: 'Look.', signature: 'opaque' }],
        toolCalls: [{ name: 'k8s__events' }],
      },
      'ok',
    ]);
    const first = await succeed(provider);
    await succeed(provider, { messages: answerTools(first.result, question, 'r') });
    expect(server.requests[0]?.body).toMatchObject({
      store: false,
      include: ['reasoning.encrypted_content'],
    });
    expect(JSON.stringify(server.requests[1]?.body)).toContain('"encrypted_content":"opaque"');
    expect(JSON.stringify(server.requests[1]?.body)).not.toContain('item_reference');
  });

  it.each(['google', 'vertex'] as const)('is asked for and its signature goes back over %s', async (kind) => {
    const { server, provider } = await start(kind, [
      { thinking: 'Look.', toolCalls: [{ name: 'k8s__events' }] },
      'ok',
    ]);
    const first = await succeed(provider);
    await succeed(provider, { messages: answerTools(first.result, question, 'r') });
    expect(server.requests[0]?.body).toMatchObject({
      generationConfig: { thinkingConfig: { includeThoughts: true } },
    });
    expect(JSON.stringify(server.requests[1]?.body)).toContain('"thoughtSignature":"signature-s0-0"');
  });

  it('is left out when the model refuses it', async () => {
    const { server, provider } = await start('anthropic', [
      { httpError: { status: 400, message: 'thinking is not supported by this model' } },
      'fine',
      'next step',
    ]);
    const { result } = await succeed(provider, { retry: { maxRetries: 0 } });
    expect(result.text).toBe('fine');
    await succeed(provider);
    const asked = server.requests.map((request) => JSON.stringify(request.body).includes('budget_tokens'));
    expect(asked).toEqual([true, false, false]);
  });

  it('of a compatible server stays away when the server does not take it back', async () => {
    const { server, provider } = await start('openai-compatible', ({ conversation, assistantTurns }) => {
      if (assistantTurns === 0) return { thinking: 'Look.', toolCalls: [{ name: 'k8s__events' }] };
      const isSentBack = conversation.messages.some((message) => message.thinking !== '');
      return isSentBack
        ? { httpError: { status: 400, message: 'reasoning_content is not supported in input' } }
        : 'ok';
    });
    const first = await succeed(provider);
    const messages = answerTools(first.result, question, 'r');
    expect((await succeed(provider, { messages })).result).toMatchObject({ text: 'ok', attempts: 2 });
    expect((await succeed(provider, { messages })).result).toMatchObject({ text: 'ok', attempts: 1 });
    expect(server.requests).toHaveLength(4);
  });

  it('is not asked of Anthropic in a tool turn that another provider began, and again afterwards', async () => {
    const other = await start('openai-compatible', [
      { thinking: 'Look.', toolCalls: [{ name: 'k8s__events' }] },
    ]);
    const begun = answerTools((await succeed(other.provider)).result, question, 'r');
    const { server, provider } = await start('anthropic', { fallback: { thinking: 'Hm.', text: 'ok' } });
    const { result } = await succeed(provider, { messages: begun, retry: { maxRetries: 0 } });
    await succeed(provider, {
      messages: [...begun, ...result.messages, { role: 'user', content: 'And now?' }],
    });
    expect(server.requests.map((request) => JSON.stringify(request.body).includes('budget_tokens'))).toEqual([
      false,
      true,
    ]);
    expect(server.requests.map((request) => request.outcome)).toEqual(['answered', 'answered']);
  });

  it('of one provider does not disturb the next', async () => {
    const anthropic = await start('anthropic', [{ thinking: 'Look.', toolCalls: [{ name: 'k8s__events' }] }]);
    const { result } = await succeed(anthropic.provider);
    const messages = answerTools(result, question, 'r');
    for (const kind of ['openai', 'openai-compatible', 'google', 'xai'] as const) {
      const { server, provider } = await start(kind, ['taken over']);
      expect((await succeed(provider, { messages })).result.text).toBe('taken over');
      expect(server.requests[0]?.conversation.messages.flatMap((message) => message.toolCalls)).toMatchObject(
        [{ name: 'k8s__events' }],
      );
    }
  });
});

describe('limits of a call', () => {
  it('keeps the text before a repetition loop and leaves the stream', async () => {
    const intro = 'The pod restarts.\n';
    const unit = 'I will now look at the logs of the checkout pod again. ';
    const { server, provider } = await start('openai-compatible', [
      { steps: [{ type: 'text', text: intro + unit.repeat(200) }, { type: 'stall' }], chunkSize: 100 },
    ]);
    const { result } = await succeed(provider);
    expect(result.finishReason).toBe('loop');
    expect(result.text).toBe(intro + unit);
    expect(result.messages).toEqual([{ role: 'assistant', content: intro + unit }]);
    expect(result.usage.estimated).toBe(true);
    expect(result.usage.outputTokens).toBeGreaterThan(0);
    await expect.poll(() => server.requests[0]?.outcome).toBe('client_left');
  });

  it('has no answer when the thinking loops', async () => {
    const { provider } = await start('openai-compatible', [
      { thinking: 'Should I look at the logs or at the events first? '.repeat(200), text: 'x' },
    ]);
    expect((await fail(provider)).error).toMatchObject({ code: 'loop', attempts: 1 });
  });

  it('does not take a slow reader for a stalled provider', async () => {
    const { provider } = await start('openai-compatible', [
      { text: 'one two three', chunkSize: 4, delayMs: 5 },
    ]);
    const call = callModel({
      provider,
      messages: question,
      tools,
      signal: new AbortController().signal,
      timeouts: { stallMs: 60 },
    });
    const types: string[] = [];
    for await (const chunk of call) {
      types.push(chunk.type);
      await sleep(100);
    }
    expect(types).toEqual(['text', 'text', 'text', 'text']);
  });

  it('ends at the deadline although chunks keep coming', async () => {
    const { provider } = await start('openai-compatible', [
      { text: 'word '.repeat(2_000), chunkSize: 5, delayMs: 10 },
    ]);
    const { error } = await fail(provider, { timeouts: { totalMs: 200 } });
    expect(error).toMatchObject({ code: 'timeout', retryable: false, attempts: 1 });
  });

  it('does not wait for a Retry-After beyond the bound', async () => {
    const { server, provider } = await start('openai-compatible', [
      { httpError: { status: 429, headers: { 'retry-after': '3600' } } },
    ]);
    const { error } = await fail(provider);
    expect(error).toMatchObject({ code: 'rate_limited', attempts: 1, retriesExhausted: true });
    expect(server.requests).toHaveLength(1);
  });

  it('aborts promptly during the pause between two tries', async () => {
    const { provider } = await start('openai-compatible', [
      { httpError: { status: 429, headers: { 'retry-after': '30' } } },
    ]);
    const controller = new AbortController();
    const call = callModel({ provider, messages: question, tools, signal: controller.signal });
    expect((await call.next()).value).toMatchObject({ type: 'retry' });
    const pending = call.next();
    controller.abort();
    await expect(pending).rejects.toMatchObject({ code: 'aborted' });
  });

  it('contacts nobody when the signal is already aborted', async () => {
    const { server, provider } = await start('openai-compatible', ['never']);
    const { error } = await fail(provider, { signal: AbortSignal.abort() });
    expect(error).toMatchObject({ code: 'aborted' });
    expect(server.requests).toHaveLength(0);
  });

  it('lets the provider go when the reader stops reading', async () => {
    const { server, provider } = await start('openai-compatible', [
      { steps: [{ type: 'text', text: 'The pod' }, { type: 'stall' }] },
    ]);
    for await (const chunk of callModel({
      provider,
      messages: question,
      tools,
      signal: new AbortController().signal,
    })) {
      if (chunk.type === 'text') break;
    }
    await expect.poll(() => server.requests[0]?.outcome).toBe('client_left');
  });

  it('repeats an empty answer once, and not at all when the output limit was the cause', async () => {
    const empty = await start('openai-compatible', [{ text: '' }, 'now']);
    expect((await succeed(empty.provider)).result).toMatchObject({ text: 'now', attempts: 2 });
    const limit = await start('openai-compatible', [{ thinking: 'long', finishReason: 'length' }]);
    expect((await fail(limit.provider)).error).toMatchObject({
      code: 'empty',
      attempts: 1,
      retryable: false,
    });
  });

  it('counts tokens itself when the provider reports none', async () => {
    const { provider } = await start('openai-compatible', [
      { text: 'some words of an answer', usage: { inputTokens: 0, outputTokens: 0 } },
    ]);
    const { result } = await succeed(provider);
    expect(result.usage).toMatchObject({ estimated: true, outputTokens: 6 });
    expect(result.usage.inputTokens).toBeGreaterThan(30);
  });

  it('reports an address where nobody listens as a network failure', async () => {
    const { server, provider } = await start('openai-compatible', []);
    await server.close();
    servers.splice(0);
    const { error } = await fail(provider, { retry: { maxRetries: 1, ...fastRetry } });
    expect(error).toMatchObject({ code: 'network', attempts: 2, retriesExhausted: true });
  });

  it('names the variable of a missing key', async () => {
    const { provider } = await start('anthropic', []);
    const { error } = await fail({ ...provider, apiKey: undefined });
    expect(error).toMatchObject({ code: 'credentials' });
    expect(error.message).toContain('ANTHROPIC_API_KEY');
  });

  it('takes a key from the environment that it is given', async () => {
    const { provider } = await start('anthropic', ['hello']);
    const { result } = await succeed({ ...provider, apiKey: undefined }, { env: { ANTHROPIC_API_KEY: KEY } });
    expect(result.text).toBe('hello');
  });
});

describe('tools on the wire', () => {
  it('get names that every provider takes, and their own back', async () => {
    const name = 'prod.cluster__pods.list';
    const odd: ToolSpec[] = [{ name, description: 'Lists pods', inputSchema: { type: 'object' } }];
    const { server, provider } = await start('openai-compatible', ({ conversation, assistantTurns }) =>
      assistantTurns === 0 ? { toolCalls: [{ name: conversation.tools[0]?.name ?? '' }] } : 'done',
    );
    const first = await succeed(provider, { tools: odd });
    expect(first.result.toolCalls).toMatchObject([{ name }]);
    await succeed(provider, { tools: odd, messages: answerTools(first.result, question, 'r') });
    const sent = server.requests[1]?.conversation;
    expect(sent?.tools[0]?.name).toMatch(/^prod_cluster__pods_list_[0-9a-f]{8}$/);
    expect(sent?.messages[1]?.toolCalls[0]?.name).toBe(sent?.tools[0]?.name);
  });

  it('are told apart where the server gives all calls the same id', async () => {
    const calls = [
      { id: 'call_0', name: 'k8s__events' },
      { id: 'call_0', name: 'k8s__pods_list' },
    ];
    const { provider } = await start('openai-compatible', [{ toolCalls: calls }, 'ok']);
    const { result } = await succeed(provider);
    expect(new Set(result.toolCalls.map((call) => call.id)).size).toBe(2);
    expect((await succeed(provider, { messages: answerTools(result, question, 'r') })).result.text).toBe(
      'ok',
    );
  });

  it('come back also when the model invents them', async () => {
    const { provider } = await start('openai-compatible', [
      { toolCalls: [{ name: 'shell', arguments: { cmd: 'ls' } }] },
    ]);
    expect((await succeed(provider)).result.toolCalls).toMatchObject([
      { name: 'shell', arguments: { cmd: 'ls' } },
    ]);
  });

  it.each(kinds)('can be forbidden for a conclusion over %s', async (kind) => {
    const { provider } = await start(kind, [{ toolCalls: [{ name: 'k8s__events' }] }, 'The conclusion.']);
    const first = await succeed(provider);
    const messages = answerTools(first.result, question, 'r');
    const { result } = await succeed(provider, { messages, toolChoice: 'none' });
    expect(result).toMatchObject({ text: 'The conclusion.', toolCalls: [] });
  });

  it('are dropped when the model calls them although forbidden', async () => {
    const { provider } = await start('openai-compatible', [
      { text: 'So:', toolCalls: [{ name: 'k8s__events' }] },
    ]);
    const { result } = await succeed(provider, { toolChoice: 'none' });
    expect(result).toMatchObject({ text: 'So:', toolCalls: [] });
  });
});

describe('the offline provider', () => {
  const offline: NamedLlmProvider = {
    name: 'offline',
    type: 'offline',
    model: 'offline-analyst',
    headers: {},
    contextTokens: 128_000,
    maxOutputTokens: 8_000,
  };

  it('streams thinking and an answer or calls without a key or an address', async () => {
    const { chunks, result } = await succeed(offline);
    expect(join(chunks, 'thinking')).not.toBe('');
    expect(join(chunks, 'text')).toBe(result.text);
    expect(result.text.length + result.toolCalls.length).toBeGreaterThan(0);
    expect(result).toMatchObject({ provider: 'offline', model: 'offline-analyst', attempts: 1 });
    expect(result.usage).toMatchObject({ estimated: false });
    expect(JSON.parse(JSON.stringify(result.messages))).toEqual(result.messages);
  });

  it('aborts promptly', async () => {
    const controller = new AbortController();
    const call = callModel({ provider: offline, messages: question, tools, signal: controller.signal });
    await call.next();
    controller.abort();
    await expect(
      (async () => {
        for await (const _chunk of call);
      })(),
    ).rejects.toMatchObject({ code: 'aborted' });
  });
});
