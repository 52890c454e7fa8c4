import { expect, test } from 'vitest';
import { useAgentRuns } from '#test/agent-runs.ts';
import { ask, waitForAnswer } from '#test/chat.ts';
import { urlFixture } from '#test/mcp-servers/fixture-config.ts';
import { rowsOf } from '#test/runs.ts';

const runs = useAgentRuns();

const boxOf = (projects: string[]) => ({ box: { ...urlFixture('http', runs.box.url), projects } });
const useBox = [
  { toolCalls: [{ id: 'a', name: 'box__echo', arguments: { text: 'x' } }] },
  'I looked where I could.',
];

test('a server that its session’s project may not use is not connected to, whatever the snapshot names', async () => {
  const run = await runs.run({ script: useBox, config: { mcpServers: boxOf(['somebody-else']) } });
  expect(run.status).toBe('completed');
  expect(runs.box.calls).toEqual([]);
  expect(run.toolCalls.map(({ server }) => server)).not.toContain('box');
  expect(run.items.find(({ type }) => type === 'error')?.content).toMatch(
    /"box" cannot be used.*no server of this name/s,
  );
  expect(run.requests[0]?.conversation.system).toContain('- box: no server of this name is configured');
});

test('what a project may use it does use', async () => {
  const [project] = await rowsOf<{ slug: string }>(runs.database, 'select slug from project where id = $1', [
    runs.projectId,
  ]);
  const run = await runs.run({ script: useBox, config: { mcpServers: boxOf([project?.slug ?? '']) } });
  expect(run.toolCalls.map(({ server, status }) => [server, status])).toEqual([['box', 'completed']]);
});

test('the chat of a finished session has no more than its project either', async () => {
  const before = runs.box.calls.length;
  const run = await runs.run({
    script: ['Nothing to see.'],
    config: { mcpServers: boxOf(['somebody-else']) },
  });
  runs.model.setScript(useBox);
  const turnId = await ask(runs.kernel, {
    projectId: runs.projectId,
    sessionId: run.sessionId,
    message: 'And now?',
  });
  expect(await waitForAnswer(runs.database, turnId)).toMatchObject({ status: 'completed' });
  expect(runs.box.calls.length).toBe(before);
});
