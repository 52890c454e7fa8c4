import { expect, test } from 'vitest';
import { type FinishedRun, itemsOf, resultsIn, sentText, useAgentRuns } from '#test/agent-runs.ts';
import { findInDatabase } from '#test/dump-database.ts';
import { urlFixture } from '#test/mcp-servers/fixture-config.ts';

const runs = useAgentRuns();
const SECRET = 'Zebra-Tr0mbone-77';
/** Known to one server's masking only. */
const OWN_ID = 'ACME-4711';

const call = (id: string, tool: string, args: Record<string, unknown> | string) => ({
  id,
  name: `box__${tool}`,
  arguments: args,
});
const maskedBox = () => ({
  mcpServers: {
    box: {
      ...urlFixture('http', runs.box.url),
      masking: { groups: ['security', 'kubernetes'], custom: [{ name: 'ACME_ID', pattern: 'ACME-[0-9]+' }] },
    },
  },
});

async function expectNowhere(run: FinishedRun, secrets: readonly string[]): Promise<void> {
  expect(await findInDatabase(runs.database, secrets)).toEqual([]);
  for (const secret of secrets) {
    expect(run.log).not.toContain(secret);
    for (const request of run.requests) expect(sentText(request)).not.toContain(secret);
  }
}

test('arguments reach the tool exactly and nothing else', async () => {
  const dsn = `postgres://shop:${SECRET}@db/shop`;
  const run = await runs.run({
    script: [
      {
        toolCalls: [call('a', 'echo', { text: dsn, password: SECRET }), call('b', 'echo', { text: OWN_ID })],
      },
      { toolCalls: [call('c', 'echo', { text: dsn, password: SECRET })] },
      'Looked.',
    ],
    config: maskedBox(),
  });
  expect(run.status).toBe('completed');
  const sent = runs.box.calls.filter(({ tool }) => tool === 'echo').map(({ args }) => args);
  expect(sent).toEqual([{ text: dsn, password: SECRET }, { text: OWN_ID }]);
  // The repetition is seen although what is kept of the first call is masked.
  expect(run.toolCalls.map((row) => row.status)).toEqual(['completed', 'completed', 'refused']);
  expect(run.toolCalls[0]?.arguments).toMatchObject({ password: expect.stringMatching(/^\[MASKED_/) });
  expect(run.toolCalls.every((row) => row.arguments_sealed === null)).toBe(true);
  await expectNowhere(run, [SECRET, OWN_ID]);
  // The search does find what is there.
  expect(await findInDatabase(runs.database, ['Looked.'])).not.toEqual([]);
  expect(run.log).toContain('session ended');
});

test('unreadable arguments and unknown tools are quoted without secrets', async () => {
  const run = await runs.run({
    script: [
      {
        toolCalls: [
          call('a', 'echo', `{"password": "${SECRET}", "text": `),
          { id: 'b', name: 'nothing__here', arguments: { token: SECRET } },
        ],
      },
      'Corrected.',
    ],
  });
  expect(run.status).toBe('completed');
  expect(resultsIn(run.requests[1]).a).toMatch(/You wrote: .*MASKED/s);
  await expectNowhere(run, [SECRET]);
});

test('results and errors of tools', async () => {
  const run = await runs.run({
    script: [
      {
        toolCalls: [
          call('a', 'secret', {}),
          call('b', 'fail', { message: `cannot connect with password=${SECRET} ${OWN_ID}` }),
        ],
      },
      'The key exists [tool: a].',
    ],
    config: maskedBox(),
  });
  expect(run.status).toBe('completed');
  expect(resultsIn(run.requests[1]).a).toMatch(/kind: Secret[\s\S]*MASKED/);
  expect(itemsOf(run, 'tool_call')[1]?.data.error).toMatch(/cannot connect with password=\[MASKED/);
  await expectNowhere(run, [SECRET, OWN_ID, 'hunter2', 'cG9zdGdyZXM6']);
});

test('what the model writes', async () => {
  const run = await runs.run({
    script: {
      rules: [
        { when: { systemContains: 'executive summary' }, turn: `Set password=${SECRET} again.` },
        {
          when: { assistantTurns: 0 },
          turn: {
            thinking: `Maybe password=${SECRET} is wrong. I look.`,
            text: `I try DB_PASSWORD="${SECRET}" now.`,
            toolCalls: [call('a', 'echo', { text: 'x' })],
            chunkSize: 5,
          },
        },
      ],
      fallback: { text: `The cause: the pod runs with --password=${SECRET}. See [tool: a].`, chunkSize: 3 },
    },
    config: {
      chains: {
        kubernetes: {
          stages: [
            { name: 'look', agents: ['kubernetes'] },
            { name: 'again', agents: ['kubernetes'] },
          ],
        },
      },
    },
  });
  expect(run.status).toBe('completed');
  expect(run.session.final_analysis).toMatch(/--password=\[MASKED/);
  expect(run.session.executive_summary).toMatch(/password=\[MASKED/);
  await expectNowhere(run, [SECRET]);
});

test('what a provider answers as its error', async () => {
  const message = `upstream postgres://llm:${SECRET}@gateway refused key sk-key-of-the-tests`;
  const run = await runs.run({
    script: {
      rules: [
        {
          when: { model: 'scripted' },
          times: 1,
          turn: { httpError: { status: 500, message, headers: { 'retry-after-ms': '1' } } },
        },
        { when: { model: 'scripted' }, turn: { httpError: { status: 401, message } } },
      ],
      fallback: { httpError: { status: 400, message } },
    },
    config: {
      defaults: { llmProvider: 'main', fallbackProviders: ['spare'] },
      llmProviders: { main: runs.provider(), spare: runs.provider({ model: 'other' }) },
    },
  });
  expect(run.status).toBe('failed');
  expect(run.session.error).toMatch(/refused key/);
  expect(itemsOf(run, 'provider_fallback')).toHaveLength(1);
  await expectNowhere(run, [SECRET, 'sk-key-of-the-tests']);
});

test('a server that cannot start', async () => {
  const run = await runs.run({
    script: ['Nothing to look at.'],
    config: {
      mcpServers: { dead: urlFixture('http', `http://user:${SECRET}@127.0.0.1:1/mcp?token=${SECRET}`) },
    },
  });
  expect(run.status).toBe('completed');
  expect(itemsOf(run, 'error')).toHaveLength(1);
  await expectNowhere(run, [SECRET]);
});

test('text that cannot be stored does not end a run', async () => {
  const odd = 'a\0b \ud83d half';
  const run = await runs.run({
    script: [
      {
        thinking: odd,
        text: odd,
        toolCalls: [call('a\0', 'echo', { text: `${odd} ${'😀'.repeat(3_000)}` })],
      },
      {
        toolCalls: [
          { id: 'b', name: 'box__\0', arguments: `{"x": "\0` },
          call('c', 'fail', { message: odd }),
        ],
      },
      `Answer ${odd}.`,
    ],
  });
  expect(run.status).toBe('completed');
  expect(run.session.final_analysis).toBe('Answer ab \ufffd half.');
  expect(run.toolCalls.map((row) => row.status)).toEqual(['completed', 'refused', 'failed']);
});
