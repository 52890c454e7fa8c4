import { expect, test } from 'vitest';
import { cancelSession } from '#src/features/sessions/server/index.ts';
import { itemsOf, useAgentRuns } from '../agent-runs.ts';
import { ask, waitForAnswer } from '../chat.ts';
import { findViolations } from '../crash/check-invariants.ts';
import type { Script } from '../llm-protocol/start-protocol-server.ts';
import { stdioFixture, urlFixture } from '../mcp-servers/fixture-config.ts';
import { rowsOf, waitForEnd } from '../runs.ts';

/** Whole investigations, where many parts have to hold at once. What one part does is tested beside it. */

const runs = useAgentRuns();
const violations = (sessionId: string) =>
  findViolations(runs.kernel, { projectId: runs.projectId, sessionId });
const call = (id: string, name: string, args: Record<string, unknown>) => ({ id, name, arguments: args });

test('a whole pipeline: tools of two servers, a second model, agents side by side, replicas, summaries and chat', async () => {
  const isOf = (system: string, who: string) => system.includes(`You are ${who}.`);
  const script: Script = ({ conversation, assistantTurns, lastText }) => {
    const { system, model } = conversation;
    const task = conversation.messages[0]?.text ?? '';
    if (task.startsWith('TARS-TASK: executive_summary')) return 'In short: the key.';
    if (task.startsWith('TARS-TASK: synthesis'))
      return `Together (${task.match(/BEGIN DATA: agent/g)?.length}).`;
    if (task.startsWith('TARS-TASK: summarization')) return 'The output repeats one line.';
    if (task.startsWith('TARS-TASK: chat'))
      return assistantTurns === 0
        ? { toolCalls: [call('q', 'box__echo', { text: `asked: ${lastText.length > 0}` })] }
        : 'As asked [tool: q].';
    if (isOf(system, 'looker')) {
      const turns = [
        { toolCalls: [call('l1', 'box__big', { bytes: 3_000 }), call('l2', 'second__add', { a: 1, b: 2 })] },
        'Looked [tool: l2].',
      ];
      return turns[assistantTurns];
    }
    if (isOf(system, 'second')) return model === 'other' ? 'The other model agrees.' : 'The wrong model.';
    if (isOf(system, 'hasty') && assistantTurns === 0)
      return { toolCalls: [call('h', 'box__echo', { text: 'x' })] };
    return 'A part of it.';
  };
  const before = runs.model.requests.length;
  const run = await runs.run({
    script,
    config: {
      llmProviders: { main: runs.provider(), spare: runs.provider({ model: 'other' }) },
      mcpServers: {
        box: { ...urlFixture('http', runs.box.url), summarization: { thresholdTokens: 200, maxTokens: 100 } },
        second: stdioFixture().config,
      },
      agents: {
        looker: { instructions: 'You are looker.' },
        second: { instructions: 'You are second.' },
        hasty: { instructions: 'You are hasty.', maxIterations: 1 },
        calm: { instructions: 'You are calm.' },
      },
      chains: {
        kubernetes: {
          stages: [
            { name: 'look', agents: ['looker'] },
            { name: 'again', agents: [{ name: 'second', llmProvider: 'spare' }] },
            { name: 'both', agents: ['hasty', 'calm'], successPolicy: 'all' },
            { name: 'thrice', agents: ['calm'], replicas: 3 },
          ],
        },
      },
    },
  });
  expect(run.status).toBe('completed');
  expect(run.session).toMatchObject({
    final_analysis: 'Together (3).',
    executive_summary: 'In short: the key.',
  });

  for (const message of ['Why?', 'And then?']) {
    const turnId = await ask(runs.kernel, { projectId: runs.projectId, sessionId: run.sessionId, message });
    expect(await waitForAnswer(runs.database, turnId)).toMatchObject({ status: 'completed' });
  }
  const stages = await rowsOf<{ name: string; type: string; status: string }>(
    runs.database,
    'select name, type, status from stage where session_id = $1 order by index',
    [run.sessionId],
  );
  expect(stages.map(({ type, status }) => [type, status])).toEqual(
    [
      'investigation',
      'investigation',
      'investigation',
      'synthesis',
      'investigation',
      'synthesis',
      'summary',
      'chat',
      'chat',
    ].map((type) => [type, 'completed']),
  );
  const whole = await runs.read(run.sessionId);
  expect(whole.executions.map(({ agent }) => agent)).toEqual([
    'looker',
    'second',
    'hasty',
    'calm',
    'synthesis',
    'calm-1',
    'calm-2',
    'calm-3',
    'synthesis',
    'executive-summary',
    'chat',
    'chat',
  ]);
  expect(whole.executions[1]).toMatchObject({ provider: 'spare', result: 'The other model agrees.' });
  const shown = { ...whole, requests: [], log: '' };
  expect(itemsOf(shown, 'tool_summary')).toMatchObject([
    { status: 'completed', content: 'The output repeats one line.', data: { callId: 'l1' } },
  ]);
  expect(itemsOf(shown, 'budget')).toHaveLength(1);
  expect(itemsOf(shown, 'user_message').map(({ content }) => content)).toEqual(['Why?', 'And then?']);
  // One row of the trace per request that the models really got, and per call that was made.
  expect(whole.llmCalls).toHaveLength(runs.model.requests.length - before);
  expect(itemsOf(shown, 'tool_call')).toHaveLength(whole.toolCalls.length);
  expect(await violations(run.sessionId)).toEqual([]);
});

test('cancelled while agents side by side wait for their model, everything is cancelled and nothing streams on', async () => {
  const before = runs.model.requests.length;
  const sessionId = await runs.start({
    script: () => ({ startGate: 'never', text: 'Late.' }),
    config: {
      agents: { one: {}, two: {} },
      chains: { kubernetes: { stages: [{ name: 'look', agents: ['one', 'two'] }] } },
    },
  });
  await runs.model.waitForRequests(before + 2, 20_000);
  await runs.model.waitForBlocked('never');
  await cancelSession(runs.kernel, { projectId: runs.projectId, sessionId, actor: 'ana' });
  expect(await waitForEnd(runs.database, sessionId)).toBe('cancelled');
  const run = await runs.read(sessionId);
  expect(run.executions.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
  expect(run.items.filter(({ status }) => status === 'streaming')).toEqual([]);
  expect(await violations(sessionId)).toEqual([]);
});

test('of two agents side by side one falls back to the spare model, and the other stays where it is', async () => {
  const run = await runs.run({
    script: {
      rules: [
        {
          when: { systemContains: 'You are unlucky.', model: 'scripted' },
          turn: { httpError: { status: 401, message: 'no such key' } },
        },
        { when: { contains: 'TARS-TASK: synthesis' }, turn: 'Both.' },
      ],
      fallback: 'Fine.',
    },
    config: {
      defaults: { llmProvider: 'main', fallbackProviders: ['spare'] },
      llmProviders: { main: runs.provider(), spare: runs.provider({ model: 'other' }) },
      agents: { unlucky: { instructions: 'You are unlucky.' }, lucky: { instructions: 'You are lucky.' } },
      chains: {
        kubernetes: {
          stages: [{ name: 'look', agents: ['unlucky', 'lucky'], successPolicy: 'all' }],
          executiveSummary: { enabled: false },
        },
      },
    },
  });
  expect(run.status).toBe('completed');
  expect(run.executions.map(({ agent, provider }) => [agent, provider])).toEqual([
    ['unlucky', 'spare'],
    ['lucky', 'main'],
    ['synthesis', 'main'],
  ]);
  expect(itemsOf(run, 'provider_fallback')).toMatchObject([{ data: { from: 'main', to: 'spare' } }]);
});

test('a server can tell executions apart, and hears once when each is over', async () => {
  const origin = new URL(runs.box.url).origin;
  const sessionId = await runs.start({
    script: {
      rules: [
        { when: { contains: 'TARS-TASK: synthesis' }, turn: 'Both.' },
        {
          when: { assistantTurns: 0 },
          turn: { toolCalls: [call('a', 'box__echo', { text: 'x' }), call('b', 'box__echo', { text: 'y' })] },
        },
      ],
      fallback: 'Fine.',
    },
    config: {
      mcpServers: {
        box: {
          transport: {
            type: 'http',
            url: runs.box.url,
            headers: { 'X-Run': '{{executionId}}' },
            cleanupUrl: `${origin}/runs/{{executionId}}`,
          },
        },
      },
      agents: { one: {}, two: {} },
      chains: {
        kubernetes: {
          stages: [{ name: 'look', agents: ['one', 'two'] }],
          executiveSummary: { enabled: false },
        },
      },
    },
  });
  expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
  const executions = await rowsOf<{ id: string; agent: string }>(
    runs.database,
    `select id, agent from execution where session_id = $1 and agent in ('one', 'two') order by index`,
    [sessionId],
  );
  const ids = executions.map(({ id }) => id);
  // The health check is a client of its own.
  expect([...runs.box.runs.keys()].filter((run) => run !== 'health').sort()).toEqual([...ids].sort());
  for (const id of ids) expect(runs.box.runs.get(id)).toBeGreaterThanOrEqual(4);
  expect([...runs.box.cleanedUp].sort()).toEqual([...ids].sort());
});
