import type { Kernel } from '#src/server/kernel.ts';
import type { SystemWarning } from '../schema.ts';
import { WARNINGS_LIMIT, WORKER_STALE_MS } from './tunables.ts';

/** What is wrong now, the gravest first: that nothing runs at all, then what workers have written down, newest first. */
export async function readWarnings(kernel: Kernel): Promise<SystemWarning[]> {
  const [silent, rows] = await Promise.all([
    findSilence(kernel),
    kernel.database.prisma.systemWarning.findMany({ orderBy: { createdAt: 'desc' }, take: WARNINGS_LIMIT }),
  ]);
  return [...silent, ...rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }))];
}

/** Found when asked, since no worker is left that could write it down. */
async function findSilence(kernel: Kernel): Promise<SystemWarning[]> {
  const { rows } = await kernel.database.pool.query<{ since: Date }>(
    `select coalesce(max(heartbeat_at), now()) as since from worker_host
     having coalesce(max(heartbeat_at) < now() - $1 * interval '1 millisecond', true)`,
    [WORKER_STALE_MS],
  );
  return rows.map(({ since }) => ({
    key: 'worker',
    message: 'No worker is running: alerts are taken and wait.',
    createdAt: since.toISOString(),
  }));
}
