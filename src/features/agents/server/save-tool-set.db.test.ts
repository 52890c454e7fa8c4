import { expect, test } from 'vitest';
import { readToolSet } from '#src/features/sessions/server/read/read-tool-set.ts';
import { readTrace } from '#src/features/sessions/server/read/read-trace.ts';
import { useAgentRuns } from '#test/agent-runs.ts';
import { rowsOf } from '#test/runs.ts';

const runs = useAgentRuns();

test('the definitions that model calls carried are kept once and can be read for each of them', async () => {
  const echo = (id: string) => ({ toolCalls: [{ id, name: 'box__echo', arguments: { text: id } }] });
  const run = await runs.run({ script: [echo('a'), echo('b'), 'Done.'] });
  const where = { projectId: runs.projectId, sessionId: run.sessionId };
  const { items } = await readTrace(runs.kernel, { ...where, limit: 50 });
  const sent = items.flatMap((item) => (item.kind === 'llm' && item.request.tools.length > 0 ? [item] : []));
  expect(sent).toHaveLength(3);
  const [hash, ...others] = new Set(sent.map(({ request }) => request.toolSet));
  expect(others).toEqual([]);
  expect(
    await rowsOf(runs.database, 'select hash from tool_set where session_id = $1', [run.sessionId]),
  ).toEqual([{ hash }]);
  const { tools } = await readToolSet(runs.kernel, { ...where, hash: hash ?? '' });
  expect(tools.map(({ name }) => name)).toEqual(sent[0]?.request.tools);
  const wire = JSON.stringify(run.requests[0]);
  const shown = tools.find(({ name }) => name === 'box__echo');
  expect(shown?.description).not.toBe('');
  expect(wire).toContain(JSON.stringify(shown?.description));
  expect(shown?.inputSchema).toMatchObject({ properties: { text: { type: 'string' } } });

  await expect(readToolSet(runs.kernel, { ...where, hash: '0'.repeat(64) })).rejects.toThrow('not found');
  const foreign = { ...where, projectId: '00000000-0000-7000-8000-000000000000', hash: hash ?? '' };
  await expect(readToolSet(runs.kernel, foreign)).rejects.toThrow('not found');
});
