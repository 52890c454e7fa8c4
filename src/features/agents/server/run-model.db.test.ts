import { describe, expect, test } from 'vitest';
import { readTrace } from '#src/features/sessions/server/read/read-trace.ts';
import { itemsOf, resultsIn, sentText, useAgentRuns } from '#test/agent-runs.ts';
import type { Turn } from '#test/llm-protocol/script.ts';
import { rowsOf } from '#test/runs.ts';

const runs = useAgentRuns();
const echo = (id: string, text: string) => ({ id, name: 'box__echo', arguments: { text } });
/** Answered at once, so that a test does not wait for the pauses between tries. */
const busy = (status: number, message: string): Turn => ({
  httpError: { status, message, headers: { 'retry-after-ms': '10' } },
});
const toolChoiceIn = (body: unknown): unknown => Object(body).tool_choice;

describe('the end of a run', () => {
  test('at the iteration limit the conclusion is asked for without tools', async () => {
    const run = await runs.run({
      script: [
        { toolCalls: [echo('a', 'one')] },
        { toolCalls: [echo('b', 'two')] },
        'As far as I looked [tool: a].',
      ],
      config: { defaults: { llmProvider: 'main', maxIterations: 2 } },
    });
    expect(run.status).toBe('completed');
    expect(run.session.final_analysis).toBe('As far as I looked [tool: a].');
    expect(run.llmCalls.map((row) => row.kind)).toEqual(['iteration', 'iteration', 'forced_conclusion']);
    expect(run.requests.map((request) => toolChoiceIn(request.body))).toEqual(['auto', 'auto', 'none']);
    expect(run.requests[2]?.conversation.messages.at(-1)?.text).toMatch(
      /^TARS-TASK: forced_conclusion\nThe limit of 2 iterations is reached\./,
    );
    expect(itemsOf(run, 'budget').map((item) => item.content)).toEqual([
      'The limit of 2 iterations is reached.',
    ]);
  });

  test('calls in the conclusion are not made', async () => {
    const run = await runs.run({
      script: [{ toolCalls: [echo('a', 'one')] }, { text: 'The answer.', toolCalls: [echo('b', 'never')] }],
      config: { defaults: { llmProvider: 'main', maxIterations: 1 } },
    });
    expect(run.status).toBe('completed');
    expect(run.session.final_analysis).toBe('The answer.');
    expect(run.toolCalls.map((row) => row.call_id)).toEqual(['a']);
  });

  test('a model that repeats one call is brought to an end by the limit', async () => {
    const run = await runs.run({
      script: (request) =>
        request.lastText.includes('forced_conclusion')
          ? 'I only looked at one thing.'
          : { toolCalls: [echo(`c${request.assistantTurns}`, 'same')] },
      config: { defaults: { llmProvider: 'main', maxIterations: 5 } },
    });
    expect(run.status).toBe('completed');
    expect(run.toolCalls.map((row) => row.status)).toEqual([
      'completed',
      ...Array.from({ length: 4 }, () => 'refused'),
    ]);
    expect(resultsIn(run.requests[5]).c4).toContain('its result was:\n\nsame');
  });

  test('empty answers are nudged', async () => {
    const run = await runs.run({
      script: (request) =>
        request.lastText.includes('Your last answer was empty') ? 'Here it is.' : { text: '' },
    });
    expect(run.status).toBe('completed');
    expect(run.session.final_analysis).toBe('Here it is.');
    expect(itemsOf(run, 'budget').map((item) => item.content)).toEqual(['The answer was empty.']);
  });

  test('then the conclusion is forced', async () => {
    const run = await runs.run({
      script: (request) => (request.lastText.includes('forced_conclusion') ? 'At last.' : { text: '' }),
    });
    expect(run.status).toBe('completed');
    expect(run.session.final_analysis).toBe('At last.');
    expect(run.requests.at(-1)?.conversation.messages.at(-1)?.text).toContain(
      'The last 3 answers were empty.',
    );
    expect(toolChoiceIn(run.requests.at(-1)?.body)).toBe('none');
  });

  test('and then the run fails with the reason', async () => {
    const run = await runs.run({ script: () => ({ text: '' }) });
    expect(run.status).toBe('failed');
    expect(run.session.error).toMatch(/gave no answer, not even when asked for its conclusion/);
    expect(itemsOf(run, 'error').at(-1)?.content).toMatch(/gave no answer/);
  });

  test('an answer that turns into a loop is cut off and asked for again', async () => {
    const run = await runs.run({
      script: [
        {
          text: `It began well. ${'The pod restarts because the pod restarts again. '.repeat(400)}`,
          chunkSize: 500,
        },
        'The key is missing.',
      ],
    });
    expect(run.status).toBe('completed');
    expect(run.session.final_analysis).toBe('The key is missing.');
    expect(run.requests[1]?.conversation.messages.at(-1)?.text).toContain('repeated itself without end');
    expect(sentText(run.requests[1]).length).toBeLessThan(40_000);
  });
});

describe('a provider that fails', () => {
  test.each<[string, Turn, string]>([
    ['a rate limit', busy(429, 'slow down'), 'rate_limited'],
    ['a server error', busy(500, 'oops'), 'server_error'],
    ['an overload', busy(503, 'overloaded'), 'overloaded'],
    ['a cut stream', { text: 'Half an ans', steps: [{ type: 'cut' }] }, 'cut_stream'],
    ['a dead connection', { text: 'Half an ans', steps: [{ type: 'reset' }] }, 'cut_stream'],
  ])('%s is tried again, and shown', async (_what, failure, code) => {
    const run = await runs.run({ script: [failure, 'The whole answer.'] });
    expect(run.status).toBe('completed');
    expect(run.session.final_analysis).toBe('The whole answer.');
    const [error] = itemsOf(run, 'error');
    expect(error).toMatchObject({ status: 'failed', data: { code, attempt: 1 } });
    expect(error?.content).toMatch(/Trying again in \d/);
    const responses = itemsOf(run, 'response');
    expect(responses.at(-1)).toMatchObject({ status: 'completed', content: 'The whole answer.' });
    for (const half of responses.slice(0, -1))
      expect(half).toMatchObject({ status: 'failed', data: { void: true } });
    expect(run.llmCalls).toHaveLength(1);
  });

  test('a stall is noticed and tried again', async () => {
    const run = await runs.run({
      script: [{ text: 'Half', steps: [{ type: 'stall' }] }, 'Whole.'],
      config: { defaults: { llmProvider: 'main', timeouts: { streamStall: '400ms' } } },
    });
    expect(run.status).toBe('completed');
    expect(itemsOf(run, 'error')[0]?.data).toMatchObject({ code: 'stalled' });
  });

  test('silence is noticed before the first token', async () => {
    const run = await runs.run({
      script: [{ steps: [{ type: 'stall' }] }, 'Whole.'],
      config: { defaults: { llmProvider: 'main', timeouts: { firstToken: '400ms' } } },
    });
    expect(run.status).toBe('completed');
    expect(itemsOf(run, 'error')[0]?.data).toMatchObject({ code: 'timeout_first_chunk' });
  });

  const withSpare = (changes: Record<string, unknown> = {}) => ({
    defaults: { llmProvider: 'main', fallbackProviders: ['spare', 'last'] },
    llmProviders: {
      main: runs.provider({ model: 'model-main' }),
      spare: runs.provider({ model: 'model-spare' }),
      last: runs.provider({ model: 'model-last' }),
      ...changes,
    },
  });

  test('another one takes over, as an event, and keeps the run', async () => {
    const run = await runs.run({
      script: {
        rules: [
          { when: { model: 'model-main', assistantTurns: 0 }, turn: { toolCalls: [echo('a', 'first')] } },
          { when: { model: 'model-main' }, turn: busy(500, 'main is broken') },
          { when: { model: 'model-spare', assistantTurns: 1 }, turn: { toolCalls: [echo('b', 'second')] } },
        ],
        fallback: 'Answered by the spare one.',
      },
      config: withSpare(),
    });
    expect(run.status).toBe('completed');
    expect(run.executions[0]).toMatchObject({ provider: 'spare', status: 'completed' });
    const [kept] = await rowsOf(
      runs.database,
      'select provider, original_provider, original_model from execution where session_id = $1',
      [run.sessionId],
    );
    expect(kept).toMatchObject({
      provider: 'spare',
      original_provider: 'main',
      original_model: 'model-main',
    });
    const [event] = itemsOf(run, 'provider_fallback');
    expect(event?.content).toMatch(/^main failed \(.*main is broken.*going on with spare \(model-spare\)\.$/);
    expect(event?.data).toMatchObject({ from: 'main', to: 'spare', reason: 'retries_exhausted' });
    expect(run.llmCalls.map((row) => [row.provider, row.error === null])).toEqual([
      ['main', true],
      ['main', false],
      ['spare', true],
      ['spare', true],
    ]);
    // Sticky: nothing went back to the one that failed.
    const models = run.requests.map((request) => request.conversation.model);
    expect(models.lastIndexOf('model-main')).toBeLessThan(models.indexOf('model-spare'));
    expect(resultsIn(run.requests.at(-1))).toMatchObject({ a: expect.stringContaining('first') });
  });

  test('refused credentials change the provider at once', async () => {
    const run = await runs.run({
      script: {
        rules: [{ when: { model: 'model-main' }, turn: { httpError: { status: 401, message: 'bad key' } } }],
        fallback: 'Answered.',
      },
      config: withSpare(),
    });
    expect(run.status).toBe('completed');
    expect(run.requests.filter((request) => request.conversation.model === 'model-main')).toHaveLength(1);
    expect(itemsOf(run, 'provider_fallback')[0]?.data).toMatchObject({ reason: 'credentials' });
  });

  test('a request that one refuses twice is put to the next', async () => {
    const run = await runs.run({
      script: {
        rules: [
          { when: { model: 'model-main' }, turn: { httpError: { status: 400, message: 'no such model' } } },
        ],
        fallback: 'Answered.',
      },
      config: withSpare(),
    });
    expect(run.status).toBe('completed');
    expect(itemsOf(run, 'provider_fallback')[0]?.data).toMatchObject({
      to: 'spare',
      reason: 'repeated_failures',
    });
    // One entry for both, and each in the trace.
    expect(itemsOf(run, 'error')).toMatchObject([
      {
        content: expect.stringMatching(/^model-main: .*no such model.*\(tried 2 times\)$/),
        data: { attempts: 2 },
      },
    ]);
    expect(run.llmCalls.map((row) => [row.provider, row.error === null])).toEqual([
      ['main', false],
      ['main', false],
      ['spare', true],
    ]);
  });

  test('what ends the run is said once, with how often it was tried', async () => {
    const run = await runs.run({ script: () => busy(500, 'everything is broken') });
    expect(run.status).toBe('failed');
    const [error, ...more] = itemsOf(run, 'error');
    expect(more).toEqual([]);
    expect(error?.content).toMatch(/"main" failed: .*everything is broken.*\(tried [2-9] times\)$/);
    expect(error?.data).toMatchObject({ code: 'server_error', attempts: run.requests.length, attempt: null });
    expect(run.llmCalls).toHaveLength(1);
  });

  test('failures with an answer between them are entries of their own', async () => {
    const run = await runs.run({
      script: [busy(500, 'first'), { toolCalls: [echo('a', 'x')] }, busy(500, 'second'), 'The answer.'],
    });
    expect(run.status).toBe('completed');
    expect(itemsOf(run, 'error').map(({ content }) => content)).toEqual([
      expect.stringMatching(/first.*Trying again/),
      expect.stringMatching(/second.*Trying again/),
    ]);
  });

  test('when none is left the run fails with a clear reason', async () => {
    const run = await runs.run({ script: () => busy(500, 'everything is broken'), config: withSpare() });
    expect(run.status).toBe('failed');
    expect(run.session.error).toMatch(/"model-last" of provider "last" failed: .*everything is broken/);
    expect(itemsOf(run, 'provider_fallback').map((item) => item.data.to)).toEqual(['spare', 'last']);
    expect(run.llmCalls.map((row) => row.provider)).toEqual(['main', 'spare', 'last']);
  });

  test('refused credentials without another provider end the run at once', async () => {
    const run = await runs.run({ script: () => ({ httpError: { status: 401, message: 'no such key' } }) });
    expect(run.status).toBe('failed');
    expect(run.session.error).toMatch(/provider "main" failed: .*no such key/);
    expect(run.requests).toHaveLength(1);
  });

  test('one that was removed from the configuration is replaced by a fallback, or named', async () => {
    const gone = async (fallbackProviders: string[]) => {
      // The session keeps the chain of its creation; providers are looked up when it runs.
      const { kernel } = runs;
      const running = runs.run({
        script: {
          rules: [
            {
              when: { assistantTurns: 0 },
              turn: { startGate: `gone-${fallbackProviders.length}`, text: 'Stage one.' },
            },
          ],
          fallback: 'Never asked.',
        },
        config: {
          defaults: { llmProvider: 'main', fallbackProviders },
          llmProviders: { main: runs.provider(), spare: runs.provider({ model: 'model-spare' }) },
          chains: {
            kubernetes: {
              stages: [
                { name: 'one', agents: ['kubernetes'], llmProvider: 'spare' },
                { name: 'two', agents: ['kubernetes'] },
              ],
              executiveSummary: { enabled: false },
            },
          },
        },
      });
      await runs.model.waitForBlocked(`gone-${fallbackProviders.length}`);
      const current = kernel.config.current();
      const { main: _removed, ...llmProviders } = current.llmProviders;
      const reduced = { ...current, llmProviders };
      const original = kernel.config.current;
      kernel.config.current = () => reduced;
      runs.model.release(`gone-${fallbackProviders.length}`);
      return running.finally(() => {
        kernel.config.current = original;
      });
    };
    const replaced = await gone(['spare']);
    expect(replaced.status).toBe('completed');
    expect(itemsOf(replaced, 'provider_fallback')[0]?.content).toMatch(/main is not configured any more/);
    const named = await gone([]);
    expect(named.status).toBe('failed');
    expect(named.session.error).toMatch(/"main" is not configured any more/);
  });
});

describe('a small window', () => {
  const small = { llmProviders: {} as Record<string, unknown> };
  const config = () => ({
    ...small,
    llmProviders: { main: runs.provider({ contextTokens: 8_000, maxOutputTokens: 1_000 }) },
    defaults: { llmProvider: 'main', maxIterations: 14 },
  });

  test('the conversation is shortened before it overflows, as an event, and nothing is lost', async () => {
    const run = await runs.run({
      script: (request) =>
        request.assistantTurns < 12
          ? {
              toolCalls: [
                {
                  id: `b${request.assistantTurns}`,
                  name: 'box__big',
                  arguments: { bytes: 20_000 + request.assistantTurns },
                },
              ],
            }
          : 'The end [tool: b0].',
      config: config(),
    });
    expect(run.status).toBe('completed');
    expect(itemsOf(run, 'error')).toEqual([]);
    const compactions = itemsOf(run, 'compaction');
    expect(compactions.length).toBeGreaterThan(0);
    for (const { data } of compactions) expect(data.afterTokens).toBeLessThan(Number(data.beforeTokens));
    for (const request of run.requests) expect(sentText(request).length / 4).toBeLessThan(8_000);
    const last = resultsIn(run.requests.at(-1));
    const shortened = /left out to make room.*tars__output_read \{"output_id": "([^"]+)"\}/s.exec(
      last.b0 ?? '',
    );
    expect(shortened?.[1]).toBe(run.toolCalls[0]?.output_id);
    expect(itemsOf(run, 'final_analysis')[0]?.data).toMatchObject({ evidence: [{ callId: 'b0' }] });
    // The trace shows of each call what it was sent, also of those before the compaction.
    const { items } = await readTrace(runs.kernel, {
      projectId: runs.projectId,
      sessionId: run.sessionId,
      limit: 200,
    });
    const traced = items.filter((item) => item.kind === 'llm').map((item) => JSON.stringify(item.request));
    const isWhole = (text: string) => !text.includes('left out to make room');
    expect(traced.map(isWhole)).toEqual(run.requests.map((request) => isWhole(sentText(request))));
    expect(traced.map(isWhole)).toContain(false);
  });

  test('a turn that alone is too long is shortened, too', async () => {
    const run = await runs.run({
      script: [
        {
          toolCalls: Array.from({ length: 20 }, (_, n) => ({
            id: `b${n}`,
            name: 'box__big',
            arguments: { bytes: 9_000 + n },
          })),
        },
        'The end.',
      ],
      config: config(),
    });
    expect(run.status).toBe('completed');
    expect(itemsOf(run, 'compaction')).toHaveLength(1);
    expect(sentText(run.requests[1]).length / 4).toBeLessThan(8_000);
  });

  test('an alert that is larger than the window is cut with a note', async () => {
    const run = await runs.run({
      script: ['Understood.'],
      config: config(),
      alert: { data: 'log line of the failing pod\n'.repeat(30_000), labels: { note: 'x'.repeat(9_000) } },
    });
    expect(run.status).toBe('completed');
    expect(sentText(run.requests[0])).toMatch(/more characters were left out/);
    expect(sentText(run.requests[0]).length / 4).toBeLessThan(7_000);
  });

  test('a provider that refuses the length all the same gets a shorter conversation', async () => {
    const overflow: Turn = {
      httpError: { status: 400, message: "This model's maximum context length is 8000 tokens" },
    };
    const run = await runs.run({
      script: [
        { toolCalls: [{ id: 'b0', name: 'box__big', arguments: { bytes: 4_000 } }] },
        { toolCalls: [{ id: 'b1', name: 'box__big', arguments: { bytes: 4_001 } }] },
        overflow,
        'Short enough.',
      ],
    });
    expect(run.status).toBe('completed');
    expect(itemsOf(run, 'error')[0]?.data).toMatchObject({ code: 'context_overflow' });
    expect(itemsOf(run, 'compaction')).toHaveLength(1);
    expect(sentText(run.requests[3]).length).toBeLessThan(sentText(run.requests[2]).length);

    const hopeless = await runs.run({ script: () => overflow });
    expect(hopeless.status).toBe('failed');
    expect(hopeless.session.error).toMatch(/maximum context length/);
    expect(hopeless.requests).toHaveLength(2);
  });
});

test('thinking is shown and kept apart from the answer', async () => {
  const run = await runs.run({
    script: [
      { thinking: 'First I look.', toolCalls: [echo('a', 'x')] },
      { thinking: 'Now I know.', text: 'The answer.' },
    ],
  });
  expect(run.items.map((item) => [item.type, item.content])).toEqual([
    ['thinking', 'First I look.'],
    ['tool_call', ''],
    ['thinking', 'Now I know.'],
    ['response', 'The answer.'],
    ['final_analysis', 'The answer.'],
  ]);
  expect(run.llmCalls.map((row) => row.response?.thinking)).toEqual(['First I look.', 'Now I know.']);
});
