import type { Kernel } from '#src/server/kernel.ts';
import { dispatchNotificationJob } from './jobs.ts';
import { SPENT_DISPATCHES_MAX } from './tunables.ts';
import { warnOfLost } from './write-notification.ts';

/**
 * Dispatches whose last attempt said neither yes nor no: their worker was killed in it. Each gets one attempt more, which
 * either writes the notifications or warns of what is lost. One that kills that worker, too, is only warned of.
 */
export async function settleSpentDispatches(kernel: Kernel): Promise<void> {
  const { name, maxAttempts, payload } = dispatchNotificationJob;
  await kernel.database.transaction(async (sql) => {
    const { rows } = await sql.query<{ id: string; attempts: number }>(
      `select id::text, attempts from graphile_worker.jobs
       where task_identifier = $1 and attempts >= max_attempts and locked_at is null limit $2`,
      [name, SPENT_DISPATCHES_MAX],
    );
    const repeated = rows.filter(({ attempts }) => attempts <= maxAttempts);
    const given = rows.filter(({ attempts }) => attempts > maxAttempts);
    if (repeated.length > 0)
      await sql.query(
        'select 1 from graphile_worker.reschedule_jobs($1::bigint[], run_at => now(), max_attempts => $2)',
        [repeated.map(({ id }) => id), maxAttempts + 1],
      );
    if (given.length === 0) return;
    const ended = await sql.query<{ payload: unknown }>(
      'select payload from graphile_worker.complete_jobs($1::bigint[])',
      [given.map(({ id }) => id)],
    );
    for (const row of ended.rows)
      await warnOfLost(kernel, sql, {
        ...payload.parse(row.payload),
        reason: 'The workers that tried were killed.',
      });
  });
}
