import { join } from 'node:path';
import { expect } from 'vitest';
import { cancelSession } from '#src/features/sessions/server/index.ts';
import { rowsOf, statusOf, waitFor, waitForEnd } from '../runs.ts';
import type { CrashBed } from './crash-bed.ts';
import { crashTest, RESUME_LIMIT_MS } from './crash-test.ts';
import { holdStatement } from './hold-statement.ts';

crashTest(
  'killed in the middle of a streamed answer: another worker goes on, the part is kept as interrupted',
  {
    script: [
      {
        steps: [
          { type: 'thinking', text: 'What could it be?' },
          { type: 'text', text: 'The database is' },
          { type: 'block', gate: 'never' },
        ],
      },
      'The disk was full.',
    ],
  },
  async (bed) => {
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    await bed.model.waitForBlocked('never', 30_000);
    await waitFor(async () => {
      const [row] = await rowsOf(
        bed.database,
        `select 1 as found from session_event where session_id = $1 and type = 'item.delta' and payload->>'text' like '%database%'`,
        [sessionId],
      );
      return row;
    }, 'the text was not streamed');
    await first.kill();
    const [second] = await Promise.all([bed.startWorker(), bed.model.waitForRequests(2, RESUME_LIMIT_MS)]);
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    expect(second.output()).toContain('session resumed');
    const items = await rowsOf(
      bed.database,
      `select type, status, content, data->>'interrupted' is not null as interrupted from timeline_item
       where session_id = $1 order by seq`,
      [sessionId],
    );
    // Of a stream that was cut off the last word is missing: masking holds it until it knows how it goes on.
    expect(items).toEqual([
      { type: 'thinking', status: 'completed', content: 'What could it be?', interrupted: false },
      { type: 'response', status: 'failed', content: 'The database ', interrupted: true },
      { type: 'response', status: 'completed', content: 'The disk was full.', interrupted: false },
      { type: 'final_analysis', status: 'completed', content: 'The disk was full.', interrupted: false },
    ]);
    expect(await bed.violations(sessionId)).toEqual([]);
    await waitFor(
      async () => ((await spentJobs(bed)).length === 0 ? true : null),
      'a job that nobody will run stayed in the queue',
      RESUME_LIMIT_MS,
    );
  },
);

crashTest(
  'killed during tool calls: reading is repeated, writing is not and its outcome is called unknown',
  {},
  async (bed) => {
    const path = join(bed.directory, 'written');
    bed.model.setScript([
      {
        toolCalls: [
          { id: 'r', name: 'box__slow', arguments: { ms: 3_000 } },
          { id: 'w', name: 'box__write', arguments: { path, text: 'once', delayMs: 30_000 } },
        ],
      },
      'Done.',
    ]);
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    await waitFor(async () => ((await bed.executed()).length === 2 ? true : null), 'the tools did not start');
    await first.kill();
    await bed.startWorker();
    const [, answered] = await bed.model.waitForRequests(2, RESUME_LIMIT_MS + 10_000);
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    expect((await bed.executed()).sort()).toEqual(['slow', 'slow', 'write']);
    const results = answered?.conversation.messages.flatMap((message) => message.toolResults) ?? [];
    expect(results.map((result) => result.id)).toEqual(['r', 'w']);
    expect(results[0]?.text).toContain('slept 3000 ms');
    expect(results[1]?.text).toMatch(/Whether it took effect is unknown/);
    expect(
      await rowsOf(
        bed.database,
        'select wire_name, status from tool_call where session_id = $1 order by index',
        [sessionId],
      ),
    ).toEqual([
      { wire_name: 'box__slow', status: 'completed' },
      { wire_name: 'box__write', status: 'unknown' },
    ]);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'killed between two stages: the first is not run again',
  {
    config: {
      chains: {
        kubernetes: {
          alertTypes: ['kubernetes'],
          stages: [
            { name: 'look', agents: [{ name: 'kubernetes' }] },
            { name: 'conclude', agents: [{ name: 'kubernetes' }] },
          ],
          executiveSummary: { enabled: false },
        },
      },
    },
    script: [
      { toolCalls: [{ id: 'c1', name: 'box__echo', arguments: { text: 'hello' } }] },
      'First findings.',
      'The conclusion.',
    ],
  },
  async (bed) => {
    const between = await holdStatement(bed.database, {
      table: 'stage',
      event: 'insert',
      when: 'new.index = 1',
    });
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    await between.reached();
    await first.kill();
    await between.release();
    await bed.startWorker();
    await bed.model.waitForRequests(3, RESUME_LIMIT_MS);
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    expect(bed.model.requests).toHaveLength(3);
    expect(await bed.executed()).toEqual(['echo']);
    expect(bed.model.requests[2]?.conversation.messages[0]?.text).toContain('First findings.');
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'killed right after the cancellation: it ends cancelled, with everything below it',
  {
    script: [
      {
        steps: [
          { type: 'text', text: 'Looking at ' },
          { type: 'block', gate: 'never' },
        ],
      },
    ],
  },
  async (bed) => {
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    await bed.model.waitForBlocked('never', 30_000);
    // Frozen first, so that it cannot obey before it dies.
    first.signal('SIGSTOP');
    const { projectId, kernel } = bed;
    expect(await cancelSession(kernel, { projectId, sessionId, actor: 'ann' })).toEqual({
      status: 'cancelling',
    });
    await first.kill();
    expect(await statusOf(bed.database, sessionId)).toBe('cancelling');
    await bed.startWorker();
    expect(await waitForEnd(bed.database, sessionId, RESUME_LIMIT_MS)).toBe('cancelled');
    expect(bed.model.requests).toHaveLength(1);
    expect(
      await rowsOf(bed.database, 'select status_reason from session where id = $1', [sessionId]),
    ).toEqual([{ status_reason: 'cancelled by ann' }]);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'killed between the results of parallel calls: what has finished is not done again',
  {},
  async (bed) => {
    const path = join(bed.directory, 'written');
    bed.model.setScript([
      {
        toolCalls: [
          { id: 'slow', name: 'box__slow', arguments: { ms: 3_000 } },
          { id: 'add', name: 'box__add', arguments: { a: 20, b: 22 } },
          { id: 'write', name: 'box__write', arguments: { path, text: 'once' } },
        ],
      },
      'Done.',
    ]);
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    await waitFor(async () => {
      const calls = await rowsOf(
        bed.database,
        `select 1 as done from tool_call where session_id = $1 and status = 'completed'`,
        [sessionId],
      );
      return calls.length === 2 ? calls : null;
    }, 'the quick calls did not end');
    await first.kill();
    await bed.startWorker();
    const [, answered] = await bed.model.waitForRequests(2, RESUME_LIMIT_MS + 10_000);
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    expect((await bed.executed()).sort()).toEqual(['add', 'slow', 'slow', 'write']);
    const results = answered?.conversation.messages.flatMap((message) => message.toolResults) ?? [];
    expect(results.map((result) => result.id)).toEqual(['slow', 'add', 'write']);
    expect(results[1]?.text).toContain('42');
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'killed after the last result and before the message of the turn was written: no call is repeated',
  {},
  async (bed) => {
    const path = join(bed.directory, 'written');
    bed.model.setScript([
      {
        toolCalls: [
          { id: 'read', name: 'box__echo', arguments: { text: 'hello' } },
          { id: 'write', name: 'box__write', arguments: { path, text: 'once' } },
          { id: 'lost', name: 'box__missing', arguments: {} },
        ],
      },
      { text: 'Nobody hears this.', startDelayMs: 60_000 },
      'Done.',
    ]);
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    const [, before] = await bed.model.waitForRequests(2, 30_000);
    await first.kill();
    expect(await rowsOf(bed.database, `select 1 from message where role = 'tool'`)).toEqual([]);
    await bed.startWorker();
    expect(await waitForEnd(bed.database, sessionId, RESUME_LIMIT_MS + 5_000)).toBe('completed');
    expect((await bed.executed()).sort()).toEqual(['echo', 'write']);
    expect(bed.model.requests).toHaveLength(3);
    // Made again of the rows of the calls, word for word.
    expect(bed.model.requests[2]?.conversation.messages).toEqual(before?.conversation.messages);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'killed after the summary was written and before its stage ended: it is not written again',
  {
    config: {
      chains: { kubernetes: { alertTypes: ['kubernetes'], stages: [{ name: 'a', agents: ['kubernetes'] }] } },
    },
    script: {
      rules: [{ when: { systemContains: 'executive summary' }, turn: 'The disk was full.' }],
      fallback: 'Analysis.',
    },
  },
  async (bed) => {
    const end = await holdStatement(bed.database, {
      table: 'stage',
      event: 'update',
      when: `new.type = 'summary' and new.completed_at is not null`,
    });
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    await end.reached();
    await first.kill();
    await end.release();
    await bed.startWorker();
    expect(await waitForEnd(bed.database, sessionId, RESUME_LIMIT_MS + 5_000)).toBe('completed');
    expect(bed.model.requests).toHaveLength(2);
    expect(await rowsOf(bed.database, 'select executive_summary from session')).toEqual([
      { executive_summary: 'The disk was full.' },
    ]);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

/** Jobs in the queue that nothing will ever run again. */
const spentJobs = (bed: CrashBed) =>
  rowsOf(
    bed.database,
    'select id, attempts, max_attempts from graphile_worker.jobs where attempts >= max_attempts',
  );
