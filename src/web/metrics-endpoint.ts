import { readRemovedTotals } from '#src/features/retention/server/index.ts';
import type { Kernel } from '#src/server/kernel.ts';

const OPEN_STATUSES = ['pending', 'running', 'waiting', 'cancelling'] as const;

/** Prometheus text of this process, with the gauges that are read at the moment of the scrape. */
export async function renderMetrics(kernel: Kernel): Promise<{ contentType: string; text: string }> {
  const { metrics, database } = kernel;
  const { pool } = database;
  metrics.poolConnections.set({ state: 'idle' }, pool.idleCount);
  metrics.poolConnections.set({ state: 'used' }, pool.totalCount - pool.idleCount);
  metrics.poolConnections.set({ state: 'waiting' }, pool.waitingCount);
  const { rows } = await pool.query<{ status: string; count: number }>(
    'select status::text, count(*) as count from session where status = any($1::"RunStatus"[]) group by status',
    [OPEN_STATUSES],
  );
  for (const status of OPEN_STATUSES) {
    metrics.sessionsByStatus.set({ status }, rows.find((row) => row.status === status)?.count ?? 0);
  }
  // Sweeps run in workers and leave their totals in the database.
  metrics.retentionDeleted.reset();
  for (const [kind, total] of Object.entries(await readRemovedTotals(kernel))) {
    metrics.retentionDeleted.inc({ kind }, total);
  }
  return { contentType: metrics.registry.contentType, text: await metrics.registry.metrics() };
}
