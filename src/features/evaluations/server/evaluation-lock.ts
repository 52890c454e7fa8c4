import type { Database, Sql } from '#src/server/db/database.ts';
import { lockKeys } from '#src/server/db/lock-keys.ts';

/**
 * A running evaluation holds a lock for as long as its process lives: the database drops it with the connection, so a
 * killed evaluation is told from a slow one without heartbeats.
 */
export async function holdEvaluationLock(
  database: Database,
  evaluationId: string,
): Promise<{ release(): Promise<void> }> {
  const client = await database.pool.connect();
  try {
    await client.query('select pg_advisory_lock($1, hashtext($2))', [lockKeys.evaluation, evaluationId]);
  } catch (error) {
    client.release(true);
    throw error;
  }
  return {
    async release() {
      const unlocked = await client
        .query('select pg_advisory_unlock($1, hashtext($2))', [lockKeys.evaluation, evaluationId])
        .then(() => true)
        .catch(() => false);
      client.release(!unlocked);
    },
  };
}

/** Whether nobody runs it any more; keeps it so until the caller's transaction ends. */
export async function isAbandoned(sql: Sql, evaluationId: string): Promise<boolean> {
  const { rows } = await sql.query<{ free: boolean }>(
    'select pg_try_advisory_xact_lock($1, hashtext($2)) as free',
    [lockKeys.evaluation, evaluationId],
  );
  return rows[0]?.free === true;
}
