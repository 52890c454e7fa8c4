import type { Sql } from '#src/server/db/database.ts';
import { type MetricReport, metricReportSchema } from '#src/server/metrics.ts';
import { WORKER_STALE_MS } from './tunables.ts';

export type WorkerHost = {
  id: string;
  hostname: string;
  pid: number;
  concurrency: number;
  version: string;
  /** Names under which this process locks jobs in the queue. */
  queueWorkers: readonly string[];
};

/** Registers the worker process, or renews its heartbeat. */
export async function beatWorkerHost(sql: Sql, host: WorkerHost): Promise<void> {
  await sql.query(
    `insert into worker_host (id, hostname, pid, concurrency, version, queue_workers, started_at, heartbeat_at)
     values ($1, $2, $3, $4, $5, $6, now(), now())
     on conflict (id) do update set heartbeat_at = now(), concurrency = $4, queue_workers = $6`,
    [host.id, host.hostname, host.pid, host.concurrency, host.version, [...host.queueWorkers]],
  );
}

/** Leaves the process's metrics where web processes find them. */
export async function reportWorkerMetrics(
  sql: Sql,
  report: { id: string; metrics: readonly MetricReport[] },
): Promise<void> {
  await sql.query('update worker_host set metrics = $2 where id = $1', [
    report.id,
    JSON.stringify(report.metrics),
  ]);
}

/** Living workers with what they have last reported. */
export async function readWorkerMetrics(
  sql: Sql,
): Promise<{ id: string; concurrency: number; metrics: MetricReport[] }[]> {
  const { rows } = await sql.query<{ id: string; concurrency: number; metrics: unknown }>(
    `select id, concurrency, metrics from worker_host
     where heartbeat_at > now() - $1 * interval '1 millisecond' order by id`,
    [WORKER_STALE_MS],
  );
  return rows.map(({ id, concurrency, metrics }) => ({
    id,
    concurrency,
    // Of another version, perhaps: what cannot be read is left out until that worker is replaced.
    metrics: metricReportSchema.array().catch([]).parse(metrics),
  }));
}

export async function removeWorkerHost(sql: Sql, id: string): Promise<void> {
  await sql.query('delete from worker_host where id = $1', [id]);
}

/**
 * Names that hold jobs in the queue although no living worker process goes by them: the queue itself would keep such a
 * job locked for four hours. A job locked only just now may belong to a process that has not told its names yet.
 */
export async function findDeadQueueWorkers(sql: Sql): Promise<string[]> {
  const { rows } = await sql.query<{ locked_by: string }>(
    `select distinct j.locked_by from graphile_worker._private_jobs j
     where j.locked_by is not null and j.locked_at < now() - $1 * interval '1 millisecond'
       and not exists (
         select 1 from worker_host h where j.locked_by = any(h.queue_workers)
           and h.heartbeat_at > now() - $1 * interval '1 millisecond')`,
    [WORKER_STALE_MS],
  );
  return rows.map((row) => row.locked_by);
}
