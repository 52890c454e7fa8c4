import { expect, test } from 'vitest';
import { cancelSession } from '#src/features/sessions/server/index.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { rowsOf } from '#test/runs.ts';
import { fixtureKernel, insertProject, insertSession } from '#test/session-fixtures.ts';
import { requestScore } from './request-score.ts';

const db = useTestDatabase();

test('a session that was cancelled before it ran is refused, and nothing is scheduled', async () => {
  const kernel = fixtureKernel(db.database);
  const { id: projectId } = await insertProject(db.database, 'never-ran');
  const sessionId = await insertSession(db.database, { projectId, title: 'Cancelled in the queue' });
  expect(await cancelSession(kernel, { projectId, sessionId, actor: 'ann' })).toEqual({
    status: 'cancelled',
  });
  await expect(requestScore(kernel, { projectId, sessionId, actor: 'ann' })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('nothing to score'),
  });
  expect(await rowsOf(db.database, 'select 1 from follow_up where session_id = $1', [sessionId])).toEqual([]);
});
