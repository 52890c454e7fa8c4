import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { decideApproval } from '#src/features/approvals/server/index.ts';
import { ask, turnOf, waitForAnswer } from '../chat.ts';
import { rowsOf, waitFor, waitForEnd } from '../runs.ts';
import { crashTest, RESUME_LIMIT_MS } from './crash-test.ts';

const followUpOf = (sessionId: string) => ({ sessionId, message: 'And now?' });

crashTest(
  'killed in the middle of an answer in the chat: another worker goes on, and the question behind it is answered too',
  {
    script: {
      rules: [
        {
          when: { contains: 'TARS-TASK: chat', assistantTurns: 0 },
          times: 1,
          turn: { toolCalls: [{ id: 'q1', name: 'box__echo', arguments: { text: 'still full' } }] },
        },
        {
          when: { contains: 'TARS-TASK: chat', hasResultOf: 'box__echo' },
          times: 1,
          turn: {
            steps: [
              { type: 'text', text: 'It is still' },
              { type: 'block', gate: 'never' },
            ],
          },
        },
        { when: { contains: 'TARS-TASK: chat' }, turn: 'It is still full [tool: q1].' },
      ],
      fallback: 'The disk was full.',
    },
  },
  async (bed) => {
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    const question = { ...followUpOf(sessionId), projectId: bed.projectId };
    const turnId = await ask(bed.kernel, question);
    const queued = await ask(bed.kernel, { ...question, message: 'Thanks?', author: 'bob' });
    await bed.model.waitForBlocked('never', 30_000);
    await waitFor(async () => {
      const [row] = await rowsOf(
        bed.database,
        `select 1 as found from session_event where session_id = $1 and type = 'item.delta' and payload->>'text' like 'It is%'`,
        [sessionId],
      );
      return row;
    }, 'the text was not streamed');
    await first.kill();
    await bed.startWorker();
    expect(await waitForAnswer(bed.database, turnId, RESUME_LIMIT_MS + 10_000)).toMatchObject({
      status: 'completed',
      answer: 'It is still full [tool: q1].',
    });
    expect(await waitForAnswer(bed.database, queued)).toMatchObject({ status: 'completed' });
    expect(await bed.executed()).toEqual(['echo']);
    const items = await rowsOf(
      bed.database,
      `select i.type, i.status, i.data->>'interrupted' is not null as interrupted, i.data->'answer' = 'true' as answer
       from timeline_item i join stage s on s.id = i.stage_id where s.follow_up_id = $1 order by i.seq`,
      [turnId],
    );
    expect(items).toEqual([
      { type: 'user_message', status: 'completed', interrupted: false, answer: null },
      { type: 'tool_call', status: 'completed', interrupted: false, answer: null },
      { type: 'response', status: 'failed', interrupted: true, answer: null },
      { type: 'response', status: 'completed', interrupted: false, answer: true },
    ]);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'killed while an answer is being cancelled: the next worker writes the cancellation',
  {
    script: {
      rules: [{ when: { contains: 'TARS-TASK: chat' }, turn: { steps: [{ type: 'block', gate: 'never' }] } }],
      fallback: 'The disk was full.',
    },
  },
  async (bed) => {
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    const turnId = await ask(bed.kernel, { ...followUpOf(sessionId), projectId: bed.projectId });
    await bed.model.waitForBlocked('never', 30_000);
    await first.kill();
    // As the API leaves it; nobody hears of it.
    await rowsOf(
      bed.database,
      `update follow_up set status = 'cancelling', status_reason = 'cancelled by ann' where id = $1`,
      [turnId],
    );
    await bed.startWorker();
    expect(await waitForAnswer(bed.database, turnId, RESUME_LIMIT_MS + 10_000)).toMatchObject({
      status: 'cancelled',
      error: 'cancelled by ann',
    });
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'killed while a call in the chat waits for a person: decided while nobody runs, exactly that call is made, once',
  {
    config: {
      chains: {
        kubernetes: {
          alertTypes: ['kubernetes'],
          stages: [{ name: 'analysis', agents: [{ name: 'kubernetes' }] }],
          executiveSummary: { enabled: false },
          approval: { rules: [{ server: 'box', tool: 'write', approval: 'always' }] },
        },
      },
    },
  },
  async (bed) => {
    const path = join(bed.directory, 'written');
    bed.model.setScript({
      rules: [
        {
          when: { contains: 'TARS-TASK: chat', assistantTurns: 0 },
          turn: { toolCalls: [{ id: 'w1', name: 'box__write', arguments: { path, text: 'once' } }] },
        },
        { when: { contains: 'TARS-TASK: chat' }, turn: 'Written [tool: w1].' },
      ],
      fallback: 'The disk was full.',
    });
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    const turnId = await ask(bed.kernel, { ...followUpOf(sessionId), projectId: bed.projectId });
    await waitFor(
      async () => ((await turnOf(bed.database, turnId)).status === 'waiting' ? true : null),
      'the call did not wait',
      30_000,
    );
    await first.kill();
    const [approval] = await rowsOf<{ id: string }>(
      bed.database,
      'select id from approval where session_id = $1',
      [sessionId],
    );
    await decideApproval(bed.kernel, {
      projectId: bed.projectId,
      approvalId: approval?.id ?? '',
      actor: 'bob',
      decision: 'approve',
      scope: 'once',
    });
    expect(await turnOf(bed.database, turnId)).toMatchObject({ status: 'pending' });
    await bed.startWorker();
    expect(await waitForAnswer(bed.database, turnId, RESUME_LIMIT_MS + 10_000)).toMatchObject({
      status: 'completed',
      answer: 'Written [tool: w1].',
    });
    expect(await bed.executed()).toEqual(['write']);
    expect(await readFile(path, 'utf8')).toBe('once\n');
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);
