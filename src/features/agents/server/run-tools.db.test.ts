import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { itemsOf, resultsIn, useAgentRuns } from '#test/agent-runs.ts';
import { stdioFixture, urlFixture } from '#test/mcp-servers/fixture-config.ts';

const runs = useAgentRuns();
const call = (id: string, tool: string, args: Record<string, unknown> | string = {}) => ({
  id,
  name: `box__${tool}`,
  arguments: args,
});

describe('several calls in one turn', () => {
  test('run at the same time; their results come in the order of the calls', async () => {
    const run = await runs.run({
      script: [
        {
          toolCalls: [
            call('a', 'slow', { ms: 900 }),
            call('b', 'slow', { ms: 600 }),
            call('c', 'echo', { text: 'quick' }),
          ],
        },
        'Done [tool: a] [tool: c].',
      ],
    });
    expect(run.status).toBe('completed');
    const [a, b, c] = run.toolCalls;
    if (!a || !b || !c) throw new Error('three calls were made');
    const lastStart = Math.max(...[a, b, c].map((row) => row.started_at.getTime()));
    expect(lastStart).toBeLessThan(Math.min(a.completed_at.getTime(), b.completed_at.getTime()));
    expect(c.completed_at.getTime()).toBeLessThan(a.completed_at.getTime());
    const last = run.requests[1]?.conversation.messages.flatMap((message) => message.toolResults);
    expect(last?.map((result) => [result.id, result.text])).toEqual([
      ['a', 'slept 900 ms\n\n[tool: a]'],
      ['b', 'slept 600 ms\n\n[tool: b]'],
      ['c', 'quick\n\n[tool: c]'],
    ]);
    const [analysis] = itemsOf(run, 'final_analysis');
    expect(analysis?.data).toMatchObject({ evidence: [{ callId: 'a' }, { callId: 'c' }] });
    expect(itemsOf(run, 'tool_call')[0]?.data).toMatchObject({ progress: expect.stringMatching(/step/) });
  });

  test('more than can be answered are refused, not dropped', async () => {
    const run = await runs.run({
      script: [
        { toolCalls: Array.from({ length: 34 }, (_, n) => call(`c${n}`, 'echo', { text: `${n}` })) },
        'Done.',
      ],
    });
    expect(run.status).toBe('completed');
    expect(run.toolCalls.map((row) => row.status)).toEqual([
      ...Array.from({ length: 32 }, () => 'completed'),
      'refused',
      'refused',
    ]);
    expect(resultsIn(run.requests[1]).c33).toMatch(/at most 32 calls/);
  });

  test('calls with the same id are told apart, in a turn and across turns', async () => {
    const run = await runs.run({
      script: [
        { toolCalls: [call('0', 'echo', { text: 'one' }), call('0', 'echo', { text: 'two' })] },
        { toolCalls: [call('0', 'echo', { text: 'three' }), call('odd id!', 'echo', { text: 'four' })] },
        'See [tool: 0-2] and [tool: 0].',
      ],
    });
    expect(run.status).toBe('completed');
    const ids = run.toolCalls.map((row) => row.call_id);
    expect(new Set(ids).size).toBe(4);
    expect([ids[0], ids[2], ids[3]]).toEqual(['0', '0-2', 'odd_id_']);
    expect(resultsIn(run.requests[2])).toMatchObject({
      '0': 'one\n\n[tool: 0]',
      [ids[1] ?? '']: `two\n\n[tool: ${ids[1]}]`,
      '0-2': 'three\n\n[tool: 0-2]',
      odd_id_: 'four\n\n[tool: odd_id_]',
    });
    expect(itemsOf(run, 'final_analysis')[0]?.data).toMatchObject({
      evidence: [{ callId: '0-2' }, { callId: '0' }],
    });
  });
});

describe('calls that cannot be made', () => {
  test('an identical call is refused with its earlier result, whatever the order of its keys', async () => {
    const run = await runs.run({
      script: [
        { toolCalls: [call('a', 'add', { a: 1, b: 2 }), call('b', 'add', { b: 2, a: 1 })] },
        { toolCalls: [call('c', 'add', { b: 2, a: 1 })] },
        'Three.',
      ],
    });
    expect(run.status).toBe('completed');
    expect(run.toolCalls.map((row) => row.status)).toEqual(['completed', 'refused', 'refused']);
    expect(resultsIn(run.requests[1]).b).toMatch(/same call was made in this turn; see the result of a/);
    expect(resultsIn(run.requests[2]).c).toMatch(/this exact call before \(a\); its result was:\n\n3/);
    expect(itemsOf(run, 'tool_call')[2]).toMatchObject({
      status: 'failed',
      data: { refused: expect.stringContaining('exact call') },
    });
  });

  test('after a change the same look is made anew, as often as it takes; the change itself is not repeated', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'tars-change-')), 'out');
    const look = (id: string) => ({ toolCalls: [call(id, 'echo', { text: 'how is it?' })] });
    const change = (id: string) => ({ toolCalls: [call(id, 'write', { path, text: 'changed' })] });
    const run = await runs.run({
      script: [look('a'), look('b'), change('w'), look('c'), look('d'), change('v'), 'It holds.'],
      config: {
        mcpServers: { box: { ...urlFixture('http', runs.box.url), approval: { default: 'never' } } },
      },
    });
    expect(run.status).toBe('completed');
    expect(run.toolCalls.map((row) => row.status)).toEqual([
      'completed',
      'refused',
      'completed',
      'completed',
      'completed',
      'refused',
    ]);
    expect(await readFile(path, 'utf8')).toBe('changed\n');
  });

  test('a call that failed may be made again', async () => {
    const fail = (id: string) => ({ toolCalls: [call(id, 'fail', { message: 'not yet' })] });
    const run = await runs.run({ script: [fail('a'), fail('b'), 'It fails.'] });
    expect(run.toolCalls.map((row) => row.status)).toEqual(['failed', 'failed']);
  });

  test('an unknown tool and malformed arguments are answered so that the model corrects itself', async () => {
    const run = await runs.run({
      script: [
        { toolCalls: [call('a', 'ecko', { text: 'x' }), call('b', 'echo', '{"text": ')] },
        { toolCalls: [call('c', 'echo', { text: 'corrected' })] },
        'Corrected.',
      ],
    });
    expect(run.status).toBe('completed');
    expect(run.toolCalls.map((row) => row.status)).toEqual(['refused', 'refused', 'completed']);
    const results = resultsIn(run.requests[1]);
    expect(results.a).toMatch(/box__echo/);
    expect(results.b).toMatch(/arguments could not be read.*\{"text": /s);
    expect(itemsOf(run, 'tool_call').map((item) => item.status)).toEqual(['failed', 'failed', 'completed']);
  });

  test('a tool that is not read-only runs unasked only when the configuration says so', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'tars-write-')), 'out');
    const allowed = await runs.run({
      script: [{ toolCalls: [call('w', 'write', { path, text: 'written' })] }, 'Tried.'],
      config: {
        mcpServers: { box: { ...urlFixture('http', runs.box.url), approval: { default: 'never' } } },
      },
    });
    expect(allowed.toolCalls[0]).toMatchObject({ status: 'completed' });
    expect(await readFile(path, 'utf8')).toBe('written\n');
  });
});

describe('tools that fail', () => {
  test('an error of the tool goes to the model and into the timeline', async () => {
    const run = await runs.run({
      script: [{ toolCalls: [call('a', 'fail', { message: 'no such namespace' })] }, 'It failed.'],
    });
    expect(run.status).toBe('completed');
    expect(resultsIn(run.requests[1]).a).toMatch(/no such namespace/);
    expect(itemsOf(run, 'tool_call')[0]).toMatchObject({
      status: 'failed',
      data: { error: expect.stringContaining('no such namespace') },
    });
  });

  test('a slow one is given up after its server’s time', async () => {
    const run = await runs.run({
      script: [{ toolCalls: [call('a', 'slow', { ms: 60_000 }), call('b', 'echo', { text: 'x' })] }, 'Slow.'],
      config: { mcpServers: { box: { ...urlFixture('http', runs.box.url), timeout: '500ms' } } },
    });
    expect(run.status).toBe('completed');
    expect(run.toolCalls.map((row) => row.status)).toEqual(['timed_out', 'completed']);
    expect(itemsOf(run, 'tool_call')[0]?.status).toBe('timed_out');
    expect(runs.box.cancelled).toContain('slow');
  });

  test('an iteration that takes too long ends its calls and goes on', async () => {
    const run = await runs.run({
      script: [{ toolCalls: [call('a', 'slow', { ms: 50_000 })] }, 'The tool did not answer.'],
      config: { defaults: { llmProvider: 'main', timeouts: { iteration: '700ms' } } },
    });
    expect(run.status).toBe('completed');
    expect(run.toolCalls[0]).toMatchObject({ status: 'cancelled' });
  });

  test('one that takes its server down fails, and the server is there again for the next call', async () => {
    const run = await runs.run({
      script: [
        { toolCalls: [call('a', 'crash')] },
        { toolCalls: [call('b', 'echo', { text: 'back' })] },
        'It crashes.',
      ],
      config: { mcpServers: { box: stdioFixture().config } },
    });
    expect(run.status).toBe('completed');
    expect(run.toolCalls.map((row) => [row.status, row.result])).toEqual([
      ['failed', expect.stringMatching(/connection to server "box" failed/)],
      ['completed', 'back'],
    ]);
  });

  test('a server that cannot be reached leaves the run going with a note', async () => {
    const run = await runs.run({
      script: [{ toolCalls: [call('a', 'echo', { text: 'x' })] }, 'One server was missing.'],
      config: {
        mcpServers: {
          box: urlFixture('http', runs.box.url),
          dead: stdioFixture({ FIXTURE_EXIT_AT_START: '1' }).config,
        },
      },
    });
    expect(run.status).toBe('completed');
    const [note] = itemsOf(run, 'error');
    expect(note).toMatchObject({ status: 'failed', data: { server: 'dead' } });
    expect(note?.content).toMatch(/"dead" cannot be used.*goes on without/s);
    const { system } = run.requests[0]?.conversation ?? { system: '' };
    expect(system).toMatch(/Servers that cannot be reached now/);
    expect(system).toContain('- dead: ');
    expect(JSON.stringify([note, system])).not.toContain('hunter2');
  });
});

test('10 MB are kept whole, seen as head and tail, searched and paged', async () => {
  let outputId = '';
  const run = await runs.run({
    script: ({ assistantTurns, lastText }) => {
      outputId = /kept as "([^"]+)"/.exec(lastText)?.[1] ?? outputId;
      const search = (id: string, pattern: string) => ({
        id,
        name: 'tars__output_search',
        arguments: { output_id: outputId, pattern },
      });
      const read = (id: string, offset: number) => ({
        id,
        name: 'tars__output_read',
        arguments: { output_id: outputId, offset, length: 300 },
      });
      switch (assistantTurns) {
        case 0:
          return { toolCalls: [call('big', 'big', { bytes: 10_000_000 })] };
        case 1:
          return { toolCalls: [search('s1', '^line 55555 '), search('s2', '('), read('r1', 5_000_000)] };
        case 2:
          return {
            toolCalls: [
              search('s3', 'nothing like it'),
              { id: 'r2', name: 'tars__output_read', arguments: { output_id: 'wrong' } },
            ],
          };
        default:
          return 'Line 55555 is there [tool: s1].';
      }
    },
  });
  expect(run.status).toBe('completed');
  const [big, s1, s2, r1, s3, r2] = run.toolCalls;
  expect(big).toMatchObject({ status: 'completed', output_bytes: 10_000_000, output_id: outputId });
  expect(big?.result).toMatch(/^line 1 x+\n/);
  expect(big?.result?.length).toBeLessThan(20_000);
  expect(s1?.result).toMatch(/^55555: line 55555 x+$/);
  expect(s2).toMatchObject({ status: 'failed', result: expect.stringMatching(/not a valid RE2/) });
  expect(r1?.result).toMatch(/characters 5000000–5000300 of 10000000; go on at offset 5000300/);
  expect(s3?.result).toMatch(/No line of \d+ matches/);
  expect(r2).toMatchObject({ status: 'failed', result: expect.stringMatching(/no kept output "wrong"/) });
  expect(itemsOf(run, 'tool_call')[0]?.data).toMatchObject({
    outputUrl: `/api/v1/sessions/${run.sessionId}/outputs/${outputId}`,
  });
  const { rows } = await runs.database.pool.query<{ content: string }>(
    'select content from tool_output where id = $1',
    [outputId],
  );
  expect(rows[0]?.content.length).toBe(10_000_000);
  const small = JSON.stringify(run.requests.map((request) => request.body)).length;
  expect(small).toBeLessThan(300_000);
});

test('each call and each piece of evidence names the cluster it is about, and the model is told', async () => {
  const box = urlFixture('http', runs.box.url);
  const run = await runs.run({
    config: { mcpServers: { box: { ...box, cluster: 'shop-eu', clusterArgument: 'text' } } },
    script: [
      {
        toolCalls: [
          { id: 'eu', name: 'box__add', arguments: { a: 1, b: 2 } },
          { id: 'us', name: 'box__echo', arguments: { text: 'shop-us' } },
        ],
      },
      'The one sums up [tool: eu], the other answers [tool: us].',
    ],
  });
  expect(run.requests[0]?.conversation.system).toContain('Results of "box" are about the cluster shop-eu.');
  expect(itemsOf(run, 'tool_call').map(({ data }) => data.cluster)).toEqual(['shop-eu', 'shop-us']);
  expect(itemsOf(run, 'final_analysis')[0]?.data).toMatchObject({
    evidence: [{ label: 'shop-eu: box.add' }, { label: 'shop-us: box.echo' }],
  });
});
