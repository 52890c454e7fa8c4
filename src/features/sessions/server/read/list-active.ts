import type { Kernel } from '#src/server/kernel.ts';
import type { ActiveSessions } from '../../schema.ts';
import { readQueuePositions } from './queue-positions.ts';
import { LIST_ROW_SQL, type ListRow, listItem } from './session-rows.ts';
import { costView } from './show-costs.ts';
import { ACTIVE_QUEUE_LIMIT, ACTIVE_RUNNING_LIMIT } from './tunables.ts';

/** What runs and what waits in a project. Places in the queue are those of the whole installation. */
export async function listActiveSessions(
  kernel: Kernel,
  options: { projectId: string },
): Promise<ActiveSessions> {
  const { pool } = kernel.database;
  const costs = costView(kernel);
  const [running, queued, total] = await Promise.all([
    pool.query<ListRow>(
      `${LIST_ROW_SQL} where s.project_id = $1 and s.status in ('running', 'waiting', 'cancelling')
       order by s.started_at, s.id limit $2`,
      [options.projectId, ACTIVE_RUNNING_LIMIT],
    ),
    pool.query<ListRow>(
      `${LIST_ROW_SQL} where s.project_id = $1 and s.status = 'pending' order by s.arrival limit $2`,
      [options.projectId, ACTIVE_QUEUE_LIMIT],
    ),
    pool.query<{ total: number }>(
      `select count(*) as total from session where project_id = $1 and status = 'pending'`,
      [options.projectId],
    ),
  ]);
  const positions = await readQueuePositions(
    pool,
    queued.rows.map((row) => row.id),
  );
  return {
    running: running.rows.map((row) => costs.listItem(listItem(row, { queuePosition: null }))),
    queued: queued.rows.map((row) =>
      costs.listItem(listItem(row, { queuePosition: positions.get(row.id) ?? null })),
    ),
    queuedTotal: total.rows[0]?.total ?? 0,
  };
}
