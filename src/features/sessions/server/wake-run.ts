import type { Sql } from '#src/server/db/database.ts';
import { addJob } from '#src/server/jobs/define-job.ts';
import { appendEvents } from './append-events.ts';
import { runSessionJob } from './jobs.ts';

/** PostgreSQL channel on which workers hear that a person has decided something; the payload is the session's id. */
export const DECISION_CHANNEL = 'tars_decision';

/**
 * Has the run that waited for a decision taken up, in the transaction of that decision. A run that waits goes back to the
 * queue, where its age puts it first of its project; one that is still busy with something else hears of it. The caller
 * has locked the session.
 */
export async function wakeRun(sql: Sql, { sessionId }: { sessionId: string }): Promise<void> {
  const { rows } = await sql.query<{ waited_ms: number }>(
    `update session set status = 'pending', waiting_since = null,
       waited_ms = waited_ms + greatest(0, extract(epoch from clock_timestamp() - waiting_since) * 1000)::int
     where id = $1 and status = 'waiting' returning waited_ms`,
    [sessionId],
  );
  const woken = rows[0];
  if (woken) {
    await appendEvents(sql, {
      sessionId,
      events: [
        {
          type: 'session.patch',
          payload: { status: 'pending', waitingSince: null, waitedMs: woken.waited_ms },
        },
      ],
    });
    await addJob(sql, runSessionJob, { sessionId }, { key: `run-session:${sessionId}` });
  }
  await sql.query('select pg_notify($1, $2)', [DECISION_CHANNEL, sessionId]);
}
