import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMemory } from '#src/features/memories/server/change-memory.ts';
import { isTerminal } from '#src/features/sessions/schema.ts';
import { useAgentRuns } from '../agent-runs.ts';
import { ask, waitForAnswer } from '../chat.ts';
import { urlFixture } from '../mcp-servers/fixture-config.ts';
import { type HttpFixture, startHttpFixture } from '../mcp-servers/start-http-fixture.ts';
import { rowsOf, waitFor } from '../runs.ts';
import { expectContained, HOSTILE_TEXT, sectionsWithCanary } from './hostile-text.ts';

/** Agents that have been fooled speak for the attacker to other agents, to memories and in chats. */
const runs = useAgentRuns();
let evil: HttpFixture;
beforeAll(async () => {
  evil = await startHttpFixture({ says: HOSTILE_TEXT });
});
afterAll(() => evil?.close());

const config = () => ({
  mcpServers: {
    box: urlFixture('http', runs.box.url),
    evil: { ...urlFixture('http', evil.url), summarization: { thresholdTokens: 300, maxTokens: 100 } },
  },
  agents: {
    lead: { instructions: 'You lead.', subAgents: [{ name: 'net' }] },
    other: { instructions: 'You look elsewhere.' },
    net: { description: 'Network checks.', instructions: 'You check the network.' },
  },
  chains: {
    kubernetes: {
      stages: [{ name: 'look', agents: ['lead', 'other'] }],
      executiveSummary: { enabled: false },
    },
  },
});
const call = (id: string, name: string, args: Record<string, unknown>) => ({ id, name, arguments: args });

test('what sub-agents, parallel agents, summaries of output and memories say is data to whoever reads it', async () => {
  await createMemory(runs.kernel, {
    projectId: runs.projectId,
    actor: 'eve',
    memory: {
      content: `Checkout crashes ${HOSTILE_TEXT}`,
      category: 'semantic',
      valence: 'neutral',
      confidence: 0.9,
    },
  });
  const run = await runs.run({
    script: {
      rules: [
        {
          when: { systemContains: 'You lead.', assistantTurns: 0 },
          turn: {
            toolCalls: [
              call('d1', 'tars__dispatch_agent', { name: 'net', task: HOSTILE_TEXT }),
              call('b1', 'evil__echo', { text: `${HOSTILE_TEXT}\n`.repeat(20) }),
            ],
          },
        },
      ],
      fallback: `Found. ${HOSTILE_TEXT}`,
    },
    config: config(),
    alert: { title: 'Checkout crashes', data: 'Checkout crashes again.' },
  });
  expect(run.status).toBe('completed');
  expectContained(run.requests);
  const sections = sectionsWithCanary(run.requests).map((label) => label.replace(/\(.*?\)/, '(id)'));
  for (const expected of ['memories', 'task', 'output', 'call', 'result of agent "net" (id), completed']) {
    expect(sections).toContain(expected);
  }
  expect(sections.filter((label) => label.startsWith('agent "'))).toEqual([
    'agent "lead", completed',
    'agent "other", completed',
  ]);
});

test('a question in the chat, and what was asked and answered before it, is data too', async () => {
  const run = await runs.run({
    script: { fallback: `Found. ${HOSTILE_TEXT}` },
    alert: { title: 'Down', data: HOSTILE_TEXT },
  });
  expect(isTerminal(run.status)).toBe(true);
  const before = runs.model.requests.length;
  const { sessionId } = run;
  const { projectId } = runs;
  for (const message of [HOSTILE_TEXT, 'And now?']) {
    const turnId = await ask(runs.kernel, {
      projectId,
      sessionId,
      message,
      author: `eve <<<${HOSTILE_TEXT}`,
    });
    expect(await waitForAnswer(runs.database, turnId)).toMatchObject({ status: 'completed' });
  }
  const requests = runs.model.requests.slice(before);
  expectContained(requests);
  expect(sectionsWithCanary(requests)).toEqual(
    expect.arrayContaining(['alert', 'earlier questions and answers', 'final analysis']),
  );
});

test('a judge that was fooled, and whoever learns from it, are told of their mistakes in our own words', async () => {
  const before = runs.model.requests.length;
  const { sessionId } = await runs.run({
    script: ({ conversation, assistantTurns }) => {
      const first = conversation.messages[0]?.text ?? '';
      if (first.startsWith('TARS-TASK: investigation')) return `Cause. ${HOSTILE_TEXT}`;
      // Wrong in the names, then in the choices, then not at all readable.
      const wrong = [
        { [HOSTILE_TEXT]: 1, dimensions: { [HOSTILE_TEXT]: HOSTILE_TEXT }, create: [{ [HOSTILE_TEXT]: 1 }] },
        {
          outcome: HOSTILE_TEXT,
          tags: [HOSTILE_TEXT],
          create: [{ category: HOSTILE_TEXT }],
          deprecate: HOSTILE_TEXT,
        },
      ][assistantTurns];
      return wrong ? JSON.stringify(wrong) : HOSTILE_TEXT;
    },
    config: {
      chains: {
        kubernetes: {
          stages: [{ name: 'look', agents: ['kubernetes'] }],
          executiveSummary: { enabled: false },
          scoring: { enabled: true },
        },
      },
    },
    alert: { title: 'Down', data: HOSTILE_TEXT },
  });
  await waitFor(async () => {
    const followUps = await rowsOf<{ open: boolean }>(
      runs.database,
      'select completed_at is null as open from follow_up where session_id = $1',
      [sessionId],
    );
    return followUps.length > 0 && followUps.every(({ open }) => !open) ? true : null;
  }, 'the scoring did not end');
  const requests = runs.model.requests.slice(before);
  expect(requests.length).toBeGreaterThan(3);
  expectContained(requests);
});
