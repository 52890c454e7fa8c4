import { readRemovedTotals } from '#src/features/retention/server/index.ts';
import { readWorkerMetrics } from '#src/features/system/server/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { renderMetricsOf } from '#src/server/metrics.ts';

const OPEN_STATUSES = ['pending', 'running', 'waiting', 'cancelling'] as const;

/**
 * Prometheus text: this process, what the living workers last reported, and the gauges that are read at the moment of the
 * scrape.
 */
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
  const pending = await pool.query<{ count: number }>(
    `select count(*) as count from approval where status = 'pending'`,
  );
  metrics.approvalsPending.set(pending.rows[0]?.count ?? 0);
  const workers = await readWorkerMetrics(pool);
  metrics.workers.set(workers.length);
  metrics.workerSlots.set(workers.reduce((sum, { concurrency }) => sum + concurrency, 0));
  return { contentType: metrics.registry.contentType, text: await renderMetricsOf(metrics, workers) };
}
