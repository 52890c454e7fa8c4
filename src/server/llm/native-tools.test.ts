import type { ModelMessage } from 'ai';
import { afterEach, describe, expect, test } from 'vitest';
import { type NativeToolChoice, resolveNativeTools } from '#src/lib/native-tools.ts';
import type { LlmProviderType } from '#src/server/config/schema.ts';
import {
  type ProtocolServer,
  type Script,
  startProtocolServer,
} from '#test/llm-protocol/start-protocol-server.ts';
import type { ProtocolKind } from '#test/llm-protocol/wire.ts';
import { callModel } from './call-model.ts';
import { splitNativeTools } from './native-tools.ts';
import type { LlmChunk, LlmResult, NamedLlmProvider, ToolSpec } from './types.ts';

const everything: NativeToolChoice = { webSearch: true, urlContext: true, codeExecution: true };
const models: Record<ProtocolKind, string> = {
  google: 'gemini-3.5-flash',
  vertex: 'gemini-3.5-flash',
  anthropic: 'claude-sonnet-5',
  openai: 'gpt-5.5',
  xai: 'grok-4.5',
  'openai-compatible': 'any',
};
const pods: ToolSpec = {
  name: 'box__pods',
  description: 'Lists pods',
  inputSchema: { type: 'object', properties: {} },
};

let server: ProtocolServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const start = async (kind: ProtocolKind, script: Script): Promise<ProtocolServer> => {
  server = await startProtocolServer({ kind, script });
  return server;
};

const providerOf = (kind: ProtocolKind, { baseUrl }: ProtocolServer): NamedLlmProvider => ({
  name: 'main',
  type: kind,
  model: models[kind],
  baseUrl,
  apiKey: 'key',
  headers: {},
  contextTokens: 100_000,
  maxOutputTokens: 4_000,
});

async function ask(
  provider: NamedLlmProvider,
  messages: ModelMessage[],
  nativeTools = everything,
): Promise<{ result: LlmResult; chunks: LlmChunk[] }> {
  const chunks: LlmChunk[] = [];
  const call = callModel({
    provider,
    messages,
    system: 'Investigate.',
    tools: [pods],
    nativeTools,
    signal: new AbortController().signal,
    retry: { maxRetries: 0 },
  });
  for (;;) {
    const next = await call.next();
    if (next.done) return { result: next.value, chunks };
    chunks.push(next.value);
  }
}

const question: ModelMessage = { role: 'user', content: 'What is wrong?' };
const answers = (result: LlmResult): ModelMessage => ({
  role: 'tool',
  content: result.toolCalls.map(({ id, name }) => ({
    type: 'tool-result',
    toolCallId: id,
    toolName: name,
    output: { type: 'text', value: 'none' },
  })),
});

const search = {
  type: 'native_search' as const,
  query: 'postgres 53300',
  sources: [{ url: 'https://docs.example/53300', title: 'Too many connections' }],
};
const page = {
  type: 'native_page' as const,
  url: 'https://docs.example/53300',
  title: 'Manual',
  text: 'Raise it.',
};
const code = { type: 'native_code' as const, code: 'print(100 - 97)', output: '3' };
const firstTurn = {
  steps: [
    { type: 'thinking' as const, text: 'I look it up.' },
    search,
    page,
    code,
    { type: 'text' as const, text: 'Three are left.' },
    { type: 'tool_call' as const, name: 'box__pods', arguments: {} },
  ],
};

/** What of its own a provider wants to see again; xAI keeps it to itself. */
const comesBack: Partial<Record<ProtocolKind, string>> = {
  google: 'executableCode',
  vertex: 'executableCode',
  anthropic: 'enc-',
  openai: 'web_search_call',
};

describe.each(['google', 'vertex', 'anthropic', 'openai', 'xai'] as const)('%s', (kind) => {
  test('runs its own tools, tells of them, and takes its own words back', async () => {
    const model = await start(kind, [firstTurn, 'The limit is reached.', 'Said before.']);
    const provider = providerOf(kind, model);
    const first = await ask(provider, [question]);
    const told = first.chunks.flatMap((chunk) => (chunk.type === 'native' ? [chunk.event] : []));
    expect(told).toEqual(first.result.native);
    const searched = told.find((event) => event.kind === 'search');
    expect(searched).toMatchObject({ queries: ['postgres 53300'], error: null });
    expect(searched?.kind === 'search' && searched.sources[0]?.url).toBe('https://docs.example/53300');
    const read = told.find((event) => event.kind === 'pages');
    expect(read).toMatchObject({ pages: [{ url: 'https://docs.example/53300', error: null }] });
    const ran = told.find((event) => event.kind === 'code');
    if (kind === 'xai') expect(ran).toBeDefined();
    else expect(ran).toMatchObject({ code: 'print(100 - 97)', output: '3', error: null });
    expect(first.result.text).toBe('Three are left.');
    expect(first.result.toolCalls.map(({ name }) => name)).toEqual(['box__pods']);

    // As rows keep it.
    const stored: ModelMessage[] = JSON.parse(JSON.stringify(first.result.messages));
    const history = [question, ...stored, answers(first.result)];
    const second = await ask(provider, history);
    expect(second.result.text).toBe('The limit is reached.');
    expect(JSON.stringify(model.requests[1]?.body)).toContain(comesBack[kind] ?? 'box__pods');
    const third = await ask(provider, [
      ...history,
      ...second.result.messages,
      { role: 'user', content: 'Sure?' },
    ]);
    expect(third.result.text).toBe('Said before.');
    expect(model.requests.map(({ outcome, rejection }) => rejection ?? outcome)).toEqual(
      Array.from({ length: 3 }, () => 'answered'),
    );
  });

  test('offers what was asked for and no more', async () => {
    const model = await start(kind, ['One.', 'Two.']);
    const provider = providerOf(kind, model);
    await ask(provider, [question], resolveNativeTools([{ webSearch: true }]));
    await ask(provider, [question], resolveNativeTools([]));
    const [one, two] = model.requests.map(({ body }) => JSON.stringify(Object(body).tools));
    expect(one).toMatch(/google_?search|web_search/i);
    expect(one).toContain('box__pods');
    expect(one).not.toMatch(/code_?(execution|interpreter)|url_?context|web_fetch/i);
    expect(two).not.toMatch(/search|code_?(execution|interpreter)|url_?context|web_fetch/i);
  });

  test('another provider is not sent what it could not understand', async () => {
    const model = await start(kind, [firstTurn]);
    const first = await ask(providerOf(kind, model), [question]);
    await model.close();
    for (const next of ['anthropic', 'openai', 'google', 'openai-compatible'] as const) {
      if (next === kind || (next === 'google' && kind === 'vertex')) continue;
      const other = await startProtocolServer({ kind: next, script: ['Going on.'] });
      try {
        const { result } = await ask(providerOf(next, other), [
          question,
          ...first.result.messages,
          answers(first.result),
        ]);
        expect(result.text, next).toBe('Going on.');
        expect(JSON.stringify(other.requests[0]?.body), next).not.toMatch(
          /srvtoolu_|ws_s0|ci_s0|server-s0|enc-/,
        );
      } finally {
        await other.close();
      }
    }
  });
});

test('failures of its tools are told, and taken back', async () => {
  const model = await start('anthropic', [
    {
      steps: [
        { type: 'native_search', query: 'x', error: 'max_uses_exceeded' },
        { type: 'native_page', url: 'https://x.example', error: 'url_not_accessible' },
        { type: 'native_code', code: 'false', output: 'no', failed: true },
        { type: 'text', text: 'Nothing found.' },
      ],
    },
    'So be it.',
  ]);
  const provider = providerOf('anthropic', model);
  const { result } = await ask(provider, [question]);
  expect(result.native).toMatchObject([
    { kind: 'search', error: 'max uses exceeded' },
    { kind: 'pages', pages: [{ url: 'https://x.example', error: 'url not accessible' }] },
    { kind: 'code', language: 'bash', error: 'exit code 1' },
  ]);
  const again = await ask(provider, [question, ...result.messages, { role: 'user', content: 'And now?' }]);
  expect(again.result.text).toBe('So be it.');
});

test('an answer that the provider interrupts for its tools is asked to go on, as one answer', async () => {
  const model = await start('anthropic', [
    { steps: [search], finishReason: 'pause', usage: { inputTokens: 10, outputTokens: 5 } },
    {
      steps: [{ type: 'text', text: 'It is ' }, code],
      finishReason: 'pause',
      usage: { inputTokens: 20, outputTokens: 5 },
    },
    { text: 'the limit.', usage: { inputTokens: 30, outputTokens: 5 } },
  ]);
  const { result } = await ask(providerOf('anthropic', model), [question]);
  expect(result).toMatchObject({ text: 'It is the limit.', finishReason: 'stop' });
  expect(result.usage).toMatchObject({ inputTokens: 60, outputTokens: 15 });
  expect(result.native.map(({ kind }) => kind)).toEqual(['search', 'code']);
  expect(result.messages).toHaveLength(1);
  expect(model.requests.map(({ rejection }) => rejection)).toEqual([undefined, undefined, undefined]);
});

test('one that is interrupted again and again ends with what there is', async () => {
  const model = await start('anthropic', {
    fallback: { steps: [search, { type: 'text', text: '.' }], finishReason: 'pause' },
  });
  const { result } = await ask(providerOf('anthropic', model), [question]);
  expect(result.text).toMatch(/^\.{6}$/);
  expect(model.requests).toHaveLength(6);
});

describe('which provider has what', () => {
  const missing = (type: LlmProviderType, model = 'm') =>
    splitNativeTools({ type, model }, everything).missing;
  test('is known before it is asked', () => {
    expect(missing('anthropic')).toEqual([]);
    expect(missing('openai')).toEqual(['urlContext']);
    expect(missing('xai')).toEqual(['urlContext']);
    expect(missing('openai-compatible')).toEqual(['webSearch', 'urlContext', 'codeExecution']);
    expect(missing('offline')).toHaveLength(3);
    expect(missing('google', 'gemini-3.5-flash')).toEqual([]);
    expect(missing('vertex', 'gemini-flash-latest')).toEqual([]);
    expect(splitNativeTools({ type: 'openai', model: 'm' }, resolveNativeTools([]))).toEqual({
      usable: [],
      missing: [],
    });
  });

  test('Gemini before 3 takes no tools of its own beside ours', () => {
    for (const model of ['gemini-2.5-pro', 'gemini-2.0-flash', 'gemini-1.5-pro', 'gemini-pro']) {
      expect(missing('google', model), model).toHaveLength(3);
    }
  });
});
