import { describe, expect, test } from 'vitest';
import { itemsOf, sentText, useAgentRuns } from '../agent-runs.ts';
import { findViolations } from '../crash/check-invariants.ts';
import { startProtocolServer } from '../llm-protocol/start-protocol-server.ts';
import { rowsOf, waitFor, waitForEnd } from '../runs.ts';

/** Investigations of which a part fails: what goes on all the same, what ends, and what is said of it. */

const runs = useAgentRuns();
const violations = (sessionId: string) =>
  findViolations(runs.kernel, { projectId: runs.projectId, sessionId });
const agents = {
  sound: { instructions: 'You are sound.' },
  broken: { instructions: 'You are broken.' },
};
const refused = { httpError: { status: 400, message: 'no such model' } };
const stagesOf = (sessionId: string) =>
  rowsOf<{ name: string; type: string; status: string }>(
    runs.database,
    'select name, type, status from stage where session_id = $1 order by index',
    [sessionId],
  );

test('one of two that all have to succeed fails: the other is heard to the end, and no later stage begins', async () => {
  const before = runs.model.requests.length;
  const sessionId = await runs.start({
    script: ({ conversation }) => {
      if (conversation.system.includes('You are broken.')) return refused;
      const isSecond = conversation.messages[0]?.text.includes('findings of stage "one"');
      return isSecond ? { startGate: 'sound', text: 'A sound second.' } : 'A sound first.';
    },
    config: {
      agents,
      chains: {
        kubernetes: {
          stages: [
            { name: 'one', agents: ['sound'] },
            { name: 'two', agents: ['sound', 'broken'], successPolicy: 'all' },
            { name: 'three', agents: ['sound'] },
          ],
        },
      },
    },
  });
  await waitFor(async () => {
    const { executions } = await runs.read(sessionId);
    return executions.some(({ status }) => status === 'failed') || null;
  }, 'the broken one did not fail');
  runs.model.release('sound');
  expect(await waitForEnd(runs.database, sessionId)).toBe('failed');
  const run = await runs.read(sessionId);
  expect(run.session.error).toMatch(/^Stage "two" failed: broken: .*no such model/);
  expect(run.executions.map(({ agent, status, result }) => [agent, status, result])).toEqual([
    ['sound', 'completed', 'A sound first.'],
    ['sound', 'completed', 'A sound second.'],
    ['broken', 'failed', null],
  ]);
  expect((await stagesOf(sessionId)).map(({ name, status }) => [name, status])).toEqual([
    ['one', 'completed'],
    ['two', 'failed'],
  ]);
  expect(run.llmCalls).toHaveLength(3);
  expect(runs.model.requests.length - before).toBe(3);
  expect(await violations(sessionId)).toEqual([]);
});

test('one of two fails where one is enough, and so does the summary: the session completes with what there is', async () => {
  const run = await runs.run({
    script: ({ conversation }) => {
      const task = conversation.messages[0]?.text ?? '';
      if (task.startsWith('TARS-TASK: executive_summary'))
        return { httpError: { status: 401, message: 'no such key' } };
      if (task.startsWith('TARS-TASK: synthesis')) return 'Half of it is known.';
      return conversation.system.includes('You are broken.') ? refused : 'The key is missing.';
    },
    config: {
      agents,
      chains: {
        kubernetes: {
          stages: [
            { name: 'look', agents: ['sound', 'broken'], successPolicy: 'any' },
            { name: 'judge', agents: ['sound'] },
          ],
        },
      },
    },
  });
  expect(run.status).toBe('completed');
  expect(run.executions.map(({ agent, status }) => [agent, status])).toEqual([
    ['sound', 'completed'],
    ['broken', 'failed'],
    ['synthesis', 'completed'],
    ['sound', 'completed'],
    ['executive-summary', 'failed'],
  ]);
  const stages = await stagesOf(run.sessionId);
  expect(stages.slice(0, 3).map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
  const synthesis = run.requests.find((request) => sentText(request).includes('TARS-TASK: synthesis'));
  expect(sentText(synthesis)).toContain('1 of 2 came to an answer');
  expect(run.session).toMatchObject({
    error: null,
    final_analysis: 'The key is missing.',
    executive_summary: null,
    executive_summary_error: expect.stringContaining('no such key'),
  });
  expect(await violations(run.sessionId)).toEqual([]);
});

test.each([
  ['all', 'failed'],
  ['any', 'completed'],
])('one of three replicas fails where "%s" is asked for: the session has %s', async (successPolicy, end) => {
  let asked = 0;
  const run = await runs.run({
    script: ({ conversation }) => {
      if (conversation.messages[0]?.text.startsWith('TARS-TASK: synthesis')) return 'Two agree.';
      asked += 1;
      return asked === 2 ? { httpError: { status: 401, message: 'no such key' } } : 'The key is missing.';
    },
    config: {
      agents,
      chains: {
        kubernetes: {
          stages: [{ name: 'thrice', agents: ['sound'], replicas: 3, successPolicy }],
          executiveSummary: { enabled: false },
        },
      },
    },
  });
  expect(run.status).toBe(end);
  const replicas = run.executions.filter(({ agent }) => agent.startsWith('sound-'));
  expect(replicas.map(({ status }) => status).sort()).toEqual(['completed', 'completed', 'failed']);
  expect(run.executions.some(({ agent }) => agent === 'synthesis')).toBe(end === 'completed');
  expect(await violations(run.sessionId)).toEqual([]);
});

describe('a model takes over in the middle of a turn that another one has signed', () => {
  const look = {
    steps: [
      { type: 'thinking' as const, text: 'I look first.', signature: 'signed-by-the-first' },
      {
        type: 'tool_call' as const,
        id: 'call_1',
        name: 'box__echo',
        arguments: { text: 'the key is missing' },
      },
    ],
  };
  const keyRevoked = { httpError: { status: 401, message: 'the key was revoked' } };

  test.each([
    ['anthropic', 'openai'],
    ['openai', 'openai'],
    ['openai', 'xai'],
    ['xai', 'xai'],
    ['xai', 'openai'],
  ] as const)(
    '%s, then %s: the next one is sent no signature, and knows the calls',
    async (kind, nextKind) => {
      const first = await startProtocolServer({ kind, script: [look, keyRevoked] });
      const next = await startProtocolServer({ kind: nextKind, script: ['The key is missing.'] });
      const provider = (type: string, { baseUrl }: { baseUrl: string }) => ({
        type,
        baseUrl,
        model: `model-of-${type}`,
        apiKey: 'k',
      });
      try {
        const run = await runs.run({
          script: [],
          config: {
            defaults: { llmProvider: 'first', fallbackProviders: ['next'] },
            llmProviders: { first: provider(kind, first), next: provider(nextKind, next) },
          },
        });
        expect(run.session.error).toBeNull();
        expect(run.status).toBe('completed');
        expect(next.requests.map(({ outcome }) => outcome)).toEqual(['answered']);
        expect(next.requests[0]?.conversation.messages.flatMap(({ toolCalls }) => toolCalls)).toMatchObject([
          { name: 'box__echo' },
        ]);
        expect(sentText(next.requests[0])).toContain('the key is missing');
        // Another organisation's would be refused.
        expect(sentText(next.requests[0])).not.toContain('signed-by-the-first');
        expect(itemsOf(run, 'provider_fallback')).toMatchObject([
          { data: { from: 'first', to: 'next', reason: 'credentials' } },
        ]);
        expect(itemsOf(run, 'thinking').map(({ content }) => content)).toEqual(['I look first.']);
        const kept = await rowsOf(
          runs.database,
          'select provider, original_provider, original_model from execution where session_id = $1',
          [run.sessionId],
        );
        expect(kept).toEqual([
          { provider: 'next', original_provider: 'first', original_model: `model-of-${kind}` },
        ]);
      } finally {
        await Promise.all([first.close(), next.close()]);
      }
    },
  );
});
