import type { z } from 'zod';
import type { Sql } from '../db/database.ts';

/** A kind of job: its name in the queue and the shape of its payload (ids only). */
export type JobDefinition<Payload> = {
  name: string;
  payload: z.ZodType<Payload>;
  /** Tries in all. Jobs that call a model have few; graphile-worker's own default of 25 is for cheap ones. */
  maxAttempts: number;
};

export const defineJob = <Payload>(definition: JobDefinition<Payload>): JobDefinition<Payload> => definition;

/**
 * Puts a job into the queue through the caller's transaction, so that it exists if and only if the rows it speaks of do.
 * With `key` a waiting job of the same key is replaced, not doubled. Jobs of one `queue` run one after the other.
 */
export async function addJob<Payload>(
  sql: Sql,
  job: JobDefinition<Payload>,
  payload: Payload,
  options: { key?: string; runAt?: Date; queue?: string } = {},
): Promise<void> {
  await sql.query(
    `select 1 from graphile_worker.add_job(identifier => $1, payload => $2::json, max_attempts => $3, job_key => $4, run_at => $5, queue_name => $6)`,
    [
      job.name,
      JSON.stringify(payload),
      job.maxAttempts,
      options.key ?? null,
      options.runAt ?? null,
      options.queue ?? null,
    ],
  );
}
