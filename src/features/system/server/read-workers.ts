import type { Kernel } from '#src/server/kernel.ts';
import type { SystemOverview } from '../schema.ts';
import { WORKER_SHOWN_MS, WORKER_STALE_MS, WORKERS_LIMIT } from './tunables.ts';

type WorkerRow = {
  id: string;
  hostname: string;
  pid: number;
  concurrency: number;
  heartbeat_at: Date;
  alive: boolean;
  running: number;
};

/** Worker processes that were seen within a day, the living ones first. */
export async function readWorkers(kernel: Kernel): Promise<SystemOverview['workers']> {
  // Ages are told by the database's clock, which also wrote the heartbeats.
  const { rows } = await kernel.database.pool.query<WorkerRow>(
    `select w.id, w.hostname, w.pid, w.concurrency, w.heartbeat_at,
       w.heartbeat_at > now() - $1 * interval '1 millisecond' as alive,
       (select count(*) from session s where s.status in ('running', 'cancelling') and s.lease_owner = w.id) as running
     from worker_host w where w.heartbeat_at > now() - $2 * interval '1 millisecond'
     order by alive desc, w.heartbeat_at desc limit $3`,
    [WORKER_STALE_MS, WORKER_SHOWN_MS, WORKERS_LIMIT],
  );
  return rows.map(({ heartbeat_at, ...row }) => ({ ...row, heartbeatAt: heartbeat_at.toISOString() }));
}
