import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSession } from '#src/features/sessions/server/read/read-session.ts';
import { createTestKernel, createTestProject } from '#test/kernel.ts';
import { startProtocolServer } from '#test/llm-protocol/start-protocol-server.ts';
import { stdioFixture } from '#test/mcp-servers/fixture-config.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { postAlert, rowsOf, waitForEnd } from '#test/runs.ts';
import { startWorker } from './start-worker.ts';

const db = useTestDatabase();
let model: Awaited<ReturnType<typeof startProtocolServer>>;
let kernel: Awaited<ReturnType<typeof createTestKernel>>;
let projectId: string;
let worker: Awaited<ReturnType<typeof startWorker>>;

const provider = () => ({
  type: 'openai-compatible',
  baseUrl: model.baseUrl,
  model: 'scripted',
  contextTokens: 32_000,
  maxOutputTokens: 2_000,
  pricePerMillion: { input: 1, output: 4 },
});

beforeAll(async () => {
  model = await startProtocolServer({ kind: 'openai-compatible', script: [] });
  kernel = await createTestKernel(db.database, {
    defaults: { llmProvider: 'main' },
    llmProviders: { main: provider() },
    mcpServers: { box: stdioFixture().config },
  });
  ({ id: projectId } = await createTestProject(db.database));
  worker = await startWorker(kernel);
});
afterAll(async () => {
  await worker?.close();
  await model?.close();
});

test('an alert becomes a completed session with tools, evidence, analysis and summary', async () => {
  model.setScript({
    rules: [
      { when: { systemContains: 'executive summary' }, turn: 'The database password was missing.' },
      {
        when: { assistantTurns: 0 },
        turn: {
          thinking: 'Look first.',
          toolCalls: [
            { id: 'c1', name: 'box__echo', arguments: { text: 'hello' } },
            { id: 'c2', name: 'box__add', arguments: { a: 1, b: 2 } },
          ],
        },
      },
    ],
    fallback: 'The key is missing [tool: c1].\n\n## Root cause\nSee [tool: c2] and [tool: nowhere].',
  });
  const sessionId = await postAlert(kernel, projectId, { title: 'Checkout down', severity: 'critical' });
  expect(await waitForEnd(db.database, sessionId)).toBe('completed');
  const session = await readSession(kernel, { projectId, sessionId });
  expect(session.finalAnalysis).toContain('The key is missing');
  expect(session.executiveSummary).toBe('The database password was missing.');
  expect(session.stages.map((stage) => [stage.type, stage.status])).toEqual([
    ['investigation', 'completed'],
    ['summary', 'completed'],
  ]);
  expect(session.counts).toMatchObject({ llmCalls: 3, toolCalls: 2 });
  expect(session.usage.costUsd).toBeGreaterThan(0);
  const items = await rowsOf<{ type: string; status: string; data: { evidence?: { callId: string }[] } }>(
    db.database,
    'select type, status, data from timeline_item where session_id = $1 order by seq',
    [sessionId],
  );
  expect(items.map((item) => item.type)).toEqual([
    'thinking',
    'tool_call',
    'tool_call',
    'response',
    'final_analysis',
    'executive_summary',
  ]);
  expect(items.every((item) => item.status === 'completed')).toBe(true);
  expect(items[4]?.data.evidence?.map((link) => link.callId)).toEqual(['c1', 'c2']);
  const seqs = await rowsOf<{ seq: number }>(
    db.database,
    'select seq from session_event where session_id = $1 order by seq',
    [sessionId],
  );
  expect(seqs.map((row) => row.seq)).toEqual(seqs.map((_, index) => index + 1));
});
