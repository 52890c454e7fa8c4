import { expect, test } from 'vitest';
import { rowsOf, waitFor, waitForEnd } from '../runs.ts';
import { createCrashBed } from './crash-bed.ts';

/** The bound that users are promised: from the death of a worker to the run going on. */
const RESUME_LIMIT_MS = 20_000;
const CASE_TIMEOUT_MS = 90_000;

test.concurrent('killed in the middle of a streamed answer: another worker goes on, the part is kept as interrupted', {
  timeout: CASE_TIMEOUT_MS,
}, async ({ onTestFinished: after }) => {
  const bed = await createCrashBed({
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
  });
  after(() => bed.close());
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
  expect(items).toEqual([
    { type: 'thinking', status: 'failed', content: 'What could it ', interrupted: true },
    { type: 'response', status: 'failed', content: 'The database ', interrupted: true },
    { type: 'response', status: 'completed', content: 'The disk was full.', interrupted: false },
    { type: 'final_analysis', status: 'completed', content: 'The disk was full.', interrupted: false },
  ]);
  expect(await bed.violations(sessionId)).toEqual([]);
});
