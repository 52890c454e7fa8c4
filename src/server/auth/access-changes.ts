import type { Sql } from '../db/database.ts';

/** PostgreSQL channel on which web processes hear that what they believe of keys and memberships may be outdated. */
export const ACCESS_CHANNEL = 'tars_access';

/**
 * Has every web process look again at who may do what, once the caller's transaction is committed: remembered principals are
 * forgotten and open sockets checked. Nothing is said but that; a process that does not hear it believes its memory for
 * `PRINCIPAL_CACHE_MS`.
 */
export async function announceAccessChange(sql: Sql): Promise<void> {
  await sql.query('select pg_notify($1, $2)', [ACCESS_CHANNEL, '']);
}
