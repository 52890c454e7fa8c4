import { afterAll, beforeAll, expect, test } from 'vitest';
import { decideApproval } from '#src/features/approvals/server/index.ts';
import { listApprovals } from '#src/features/approvals/server/list-approvals.ts';
import { readPendingApprovals } from '#src/features/sessions/server/index.ts';
import { useAgentRuns } from '../agent-runs.ts';
import { ask, waitForAnswer } from '../chat.ts';
import { urlFixture } from '../mcp-servers/fixture-config.ts';
import { type HttpFixture, startHttpFixture } from '../mcp-servers/start-http-fixture.ts';
import { statusOf, waitFor, waitForEnd } from '../runs.ts';
import { CANARY, expectContained, HOSTILE_TEXT } from './hostile-text.ts';

/** A server that speaks for an attacker in everything that it may say of its tools: names, hints, every part of a schema. */
const runs = useAgentRuns();
let evil: HttpFixture;
beforeAll(async () => {
  evil = await startHttpFixture();
});
afterAll(() => evil?.close());

/** As long as a name may be, and no longer. */
const NAME = HOSTILE_TEXT.slice(0, 500);
const tool = (name: string, readOnlyHint: boolean) => ({
  name,
  title: HOSTILE_TEXT,
  description: HOSTILE_TEXT,
  inputSchema: {
    type: 'object' as const,
    title: HOSTILE_TEXT,
    'x-note': HOSTILE_TEXT,
    properties: {
      [NAME]: { type: 'string', default: HOSTILE_TEXT, examples: [HOSTILE_TEXT] },
      mode: { enum: [HOSTILE_TEXT, 'plain'], [`x-${NAME}`]: { deep: [{ const: HOSTILE_TEXT }] } },
      token: { type: 'string', default: 'password=hunter2-schema' },
    },
  },
  annotations: { readOnlyHint, title: HOSTILE_TEXT },
});

test('names, hints and schemas of tools speak to nobody', async () => {
  evil.listTools([tool(`a${NAME}`, true), tool(`b${NAME}`, false)]);
  const before = runs.model.requests.length;
  const sessionId = await runs.start({
    script: ({ conversation, assistantTurns, lastText }) => {
      const names = conversation.tools.map(({ name }) => name).filter((name) => name.startsWith('evil__'));
      if (assistantTurns > 0 || names.length === 0 || lastText.includes('Why?')) return 'Done.';
      return {
        toolCalls: names.map((name, n) => ({ id: `c${n}`, name, arguments: { mode: HOSTILE_TEXT } })),
      };
    },
    config: {
      mcpServers: { evil: urlFixture('http', evil.url) },
      agents: { quick: { instructions: 'You are quick.' }, slow: { instructions: 'You are slow.' } },
      chains: {
        kubernetes: {
          stages: [
            { name: 'look', agents: ['quick', 'slow'] },
            { name: 'more', agents: ['quick'] },
          ],
        },
      },
    },
  });
  const decided = new Set<string>();
  const approvals: unknown[] = [];
  for (let round = 0; round < 3; round += 1) {
    const pending = await waitFor(async () => {
      const found = await readPendingApprovals(runs.database.pool, sessionId);
      const fresh = found.filter(({ id }) => !decided.has(id));
      return fresh.length > 0 || (await statusOf(runs.database, sessionId)) === 'completed' ? fresh : null;
    }, 'nothing was asked');
    approvals.push(...pending);
    for (const { id } of pending) {
      decided.add(id);
      await decideApproval(runs.kernel, {
        projectId: runs.projectId,
        approvalId: id,
        actor: 'ana',
        scope: 'once',
        decision: 'deny',
        reason: HOSTILE_TEXT,
      });
    }
  }
  expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
  const turnId = await ask(runs.kernel, { projectId: runs.projectId, sessionId, message: 'Why?' });
  expect(await waitForAnswer(runs.database, turnId)).toMatchObject({ status: 'completed' });
  const requests = runs.model.requests.slice(before);
  expectContained(requests);
  expect(JSON.stringify(requests.map(({ body }) => body))).not.toContain('hunter2-schema');
  // Only what is read-only was called.
  expect(evil.calls.map(({ tool: name }) => name[0])).toEqual(['a', 'a', 'a']);
  expect(approvals).toHaveLength(3);
  const listed = await listApprovals(runs.kernel, { projectId: runs.projectId, limit: 10 });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  expect(JSON.stringify([approvals, listed])).not.toMatch(/[\u001b\u200b\u202e]|\\u001b/);
  expect(JSON.stringify(approvals)).toContain(CANARY);
});
