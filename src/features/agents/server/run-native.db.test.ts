import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { itemsOf, sentText, useAgentRuns } from '#test/agent-runs.ts';
import { crashTest, RESUME_LIMIT_MS } from '#test/crash/crash-test.ts';
import { type ProtocolServer, startProtocolServer } from '#test/llm-protocol/start-protocol-server.ts';
import { rowsOf, waitForEnd } from '#test/runs.ts';

const runs = useAgentRuns('anthropic');
let spare: ProtocolServer;
beforeAll(async () => {
  spare = await startProtocolServer({
    kind: 'openai-compatible',
    script: { fallback: 'The limit is reached.' },
  });
});
afterAll(() => spare.close());

const nativeTools = { webSearch: true, urlContext: true, codeExecution: true };
const agents = { kubernetes: { nativeTools } };
const search = {
  type: 'native_search' as const,
  query: 'postgres password=hunter2hunter2',
  sources: [{ url: 'https://docs.example/53300?token=hunter2hunter2', title: 'Too many connections' }],
};
const page = {
  type: 'native_page' as const,
  url: 'https://docs.example/53300',
  text: 'password=hunter2hunter2',
};
const code = { type: 'native_code' as const, code: 'echo "```"; echo password=hunter2hunter2', output: '3' };

test("what a provider's own tools do is in the timeline and the trace, masked", async () => {
  const run = await runs.run({
    config: { agents },
    script: [
      {
        steps: [
          search,
          page,
          code,
          { type: 'tool_call', id: 'a', name: 'box__echo', arguments: { text: 'x' } },
        ],
      },
      'The limit is reached.',
    ],
  });
  expect(run.status).toBe('completed');
  expect(run.requests.map(({ rejection }) => rejection)).toEqual([undefined, undefined]);
  expect(run.requests[0]?.conversation.system).toContain(
    '## Web search, reading web pages, and code execution of your own',
  );
  const [found] = itemsOf(run, 'search_result');
  expect(found).toMatchObject({
    status: 'completed',
    data: { sources: [{ title: 'Too many connections' }], error: null },
  });
  expect(itemsOf(run, 'url_context')[0]?.data).toMatchObject({
    pages: [{ url: 'https://docs.example/53300' }],
  });
  expect(itemsOf(run, 'code_execution')[0]?.content).toMatch(
    /^````bash\necho "```"; [^\n]*\n````\n\n```\n3\n```$/,
  );
  expect(run.llmCalls[0]?.response).toMatchObject({
    native: [{ kind: 'search' }, { kind: 'pages' }, { kind: 'code' }],
  });
  const messages = await rowsOf(runs.database, 'select content from message where session_id = $1', [
    run.sessionId,
  ]);
  const kept = JSON.stringify([run.items, run.llmCalls, messages]);
  expect(kept).not.toContain('hunter2');
  expect(kept).toContain('enc-');
  expect(sentText(run.requests[1])).not.toContain('hunter2');
});

describe('what is not there is left out and said', () => {
  test('at the beginning', async () => {
    const run = await runs.run({
      config: {
        agents,
        llmProviders: {
          main: { type: 'openai-compatible', baseUrl: spare.baseUrl, model: 'm', apiKey: 'k' },
        },
      },
      script: [],
    });
    expect(run.status).toBe('completed');
    expect(itemsOf(run, 'error')[0]).toMatchObject({
      content: expect.stringContaining('web search, reading web pages, and code execution'),
      data: { nativeTools: ['webSearch', 'urlContext', 'codeExecution'] },
    });
  });

  test('when another provider takes over', async () => {
    const run = await runs.run({
      config: {
        agents: { kubernetes: { nativeTools: { webSearch: true } } },
        defaults: { llmProvider: 'main', fallbackProviders: ['spare'] },
        llmProviders: {
          main: runs.provider(),
          spare: { type: 'openai-compatible', baseUrl: spare.baseUrl, model: 'm', apiKey: 'k' },
        },
      },
      script: [
        { steps: [search, { type: 'tool_call', id: 'a', name: 'box__echo', arguments: { text: 'x' } }] },
        { httpError: { status: 401 } },
      ],
    });
    expect(run.status).toBe('completed');
    expect(itemsOf(run, 'provider_fallback')[0]).toMatchObject({
      content: expect.stringContaining('which has no web search of its own'),
      data: { to: 'spare', droppedNativeTools: ['webSearch'] },
    });
  });
});

describe('the provider that is asked now is told of its own tools, and that the web is not to be trusted', () => {
  const TRUST = 'from the open web: it can be wrong or hostile';
  const looks = {
    steps: [{ type: 'tool_call' as const, id: 'a', name: 'box__echo', arguments: { text: 'x' } }],
  };
  const revoked = { httpError: { status: 401 } };

  test('not when it has none', async () => {
    const before = spare.requests.length;
    const run = await runs.run({
      config: {
        agents,
        defaults: { llmProvider: 'main', fallbackProviders: ['spare'] },
        llmProviders: {
          main: runs.provider(),
          spare: { type: 'openai-compatible', baseUrl: spare.baseUrl, model: 'm', apiKey: 'k' },
        },
      },
      script: [looks, revoked],
    });
    expect(run.status).toBe('completed');
    expect(run.requests[0]?.conversation.system).toContain(TRUST);
    expect(spare.requests[before]?.conversation.system).not.toContain(TRUST);
  });

  test('also when the one before it had none', async () => {
    const first = await startProtocolServer({ kind: 'openai-compatible', script: [looks, revoked] });
    try {
      const run = await runs.run({
        config: {
          agents,
          defaults: { llmProvider: 'first', fallbackProviders: ['main'] },
          llmProviders: {
            main: runs.provider(),
            first: { type: 'openai-compatible', baseUrl: first.baseUrl, model: 'm', apiKey: 'k' },
          },
        },
        script: [{ steps: [search, { type: 'text', text: 'The limit is reached.' }] }],
      });
      expect(run.status).toBe('completed');
      expect(first.requests[0]?.conversation.system).not.toContain(TRUST);
      expect(run.requests[0]?.conversation.tools.map(({ name }) => name)).toContain('web_search');
      expect(run.requests[0]?.conversation.system).toContain(TRUST);
      expect(itemsOf(run, 'search_result')).toHaveLength(1);
    } finally {
      await first.close();
    }
  });
});

test('an alert switches them on and off for itself', async () => {
  const offered = async (mcp: Record<string, unknown>) => {
    const run = await runs.run({ config: { agents }, script: ['Done.'], alert: { mcp } });
    return run.requests[0]?.conversation.tools.map(({ name }) => name) ?? [];
  };
  const off = await offered({ nativeTools: { webSearch: false, codeExecution: false } });
  expect(off).toContain('web_fetch');
  expect(off).not.toContain('web_search');
  expect(off).not.toContain('code_execution');
  expect(off).toContain('box__echo');
  expect(await offered({ servers: [{ name: 'box', tools: ['echo'] }] })).toContain('web_search');
});

crashTest(
  "a run that is resumed gives a provider its own tools' results back as they were",
  {},
  async (bed) => {
    const model = await startProtocolServer({
      kind: 'anthropic',
      script: [
        { steps: [search, { type: 'tool_call', id: 'a', name: 'box__echo', arguments: { text: 'x' } }] },
        {
          steps: [
            { type: 'text', text: 'It is' },
            { type: 'block', gate: 'never' },
          ],
        },
        'The limit is reached.',
      ],
    });
    try {
      await bed.configure({
        agents,
        llmProviders: {
          main: { type: 'anthropic', baseUrl: model.baseUrl, model: 'claude-sonnet-5', apiKey: 'k' },
        },
      });
      const first = await bed.startWorker();
      const sessionId = await bed.post();
      await model.waitForBlocked('never', 30_000);
      await first.kill();
      await Promise.all([bed.startWorker(), model.waitForRequests(3, RESUME_LIMIT_MS)]);
      expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
      expect(model.requests.map(({ rejection }) => rejection)).toEqual([undefined, undefined, undefined]);
      expect(sentText(model.requests[2])).toContain('enc-');
      expect(await bed.violations(sessionId)).toEqual([]);
    } finally {
      await model.close();
    }
  },
);
