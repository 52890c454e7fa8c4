import { describe, expect, test } from 'vitest';
import { cancelSession } from '#src/features/sessions/server/index.ts';
import { readSnapshot } from '#src/features/sessions/server/read/read-snapshot.ts';
import { itemsOf, useAgentRuns } from '#test/agent-runs.ts';
import { postAlert, rowsOf, waitFor, waitForEnd } from '#test/runs.ts';

const runs = useAgentRuns();
const talk = (args: Record<string, unknown>) => ({
  toolCalls: [{ id: 't', name: 'box__talk', arguments: args }],
});
const LINES = 'scanned shard 1\nshard 2 has password=[MASKED_PASSWORD] in it\nscanned shard 3\n';

describe('what a tool says while it runs', () => {
  test('is there while it runs, also for whoever comes later, and stays when the run is cancelled', async () => {
    await runs.run({ script: ['Only to configure.'] });
    runs.model.setScript([talk({ lines: 3, ms: 600_000 }), 'Done.']);
    const sessionId = await postAlert(runs.kernel, runs.projectId);
    const key = { projectId: runs.projectId, sessionId };
    const call = await waitFor(async () => {
      const { items } = await readSnapshot(runs.kernel, key);
      return items.find(({ content, data }) => content.split('\n').length > 3 && data.progressDone === 3);
    }, 'nothing was seen of the running tool');
    expect(call).toMatchObject({
      status: 'streaming',
      content: LINES,
      data: { progress: 'scanned shard 3', progressDone: 3, progressTotal: 3 },
    });
    await cancelSession(runs.kernel, { ...key, actor: 'test' });
    expect(await waitForEnd(runs.database, sessionId)).toBe('cancelled');
    const { items } = await readSnapshot(runs.kernel, key);
    expect(items.find((item) => item.type === 'tool_call')).toMatchObject({
      status: 'cancelled',
      content: LINES,
    });
  });

  test('is kept beside the result, which is all that the model reads', async () => {
    const run = await runs.run({ script: [talk({ lines: 3 }), 'Done.'] });
    expect(run.status).toBe('completed');
    expect(itemsOf(run, 'tool_call')[0]).toMatchObject({
      status: 'completed',
      content: LINES,
      data: { result: 'scanned 3 shards' },
    });
    expect(JSON.stringify(run.requests[1]?.body)).not.toContain('scanned shard 1');
  });

  test('is bounded: in its length and in the events it takes', async () => {
    const run = await runs.run({ script: [talk({ lines: 4_000 }), 'Done.'] });
    expect(run.status).toBe('completed');
    const [call] = itemsOf(run, 'tool_call');
    expect(call?.content.length).toBeLessThan(70_000);
    expect(call?.content).toMatch(/more came; it is not shown\]\n$/);
    expect(JSON.stringify(run.items)).not.toContain('hunter2');
    const [log] = await rowsOf<{ bytes: number }>(
      runs.database,
      'select sum(length(payload::text))::int as bytes from session_event where session_id = $1',
      [run.sessionId],
    );
    expect(log?.bytes).toBeLessThan(200_000);
  });
});
