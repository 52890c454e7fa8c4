import type { Sql } from '#src/server/db/database.ts';

/** An alert that exists already, with its newest session. */
export type KnownAlert = {
  alertId: string;
  sessionId: string | null;
  sessionStatus: string | null;
  /** Fired within the deduplication window: a repeat counts up on it. */
  fresh: boolean;
};

const NEWEST_SESSION = `left join lateral (
  select id, status from session where alert_id = a.id order by arrival desc limit 1) s on true`;
const COLUMNS = 'a.id as "alertId", s.id as "sessionId", s.status as "sessionStatus"';

/**
 * What an earlier delivery with this (hashed) key came to. The key stays locked to the end of the transaction: of two
 * deliveries at once the second sees what the first has written.
 */
export async function findByIdempotencyKey(
  sql: Sql,
  projectId: string,
  key: string | null,
): Promise<KnownAlert | null> {
  if (key === null) return null;
  await lockFor(sql, `idempotency:${projectId}:${key}`);
  const { rows } = await sql.query<KnownAlert>(
    `select k.alert_id as "alertId", s.id as "sessionId", s.status as "sessionStatus", true as fresh
     from idempotency_key k join session s on s.id = k.session_id
     where k.project_id = $1 and k.key = $2`,
    [projectId, key],
  );
  return rows[0] ?? null;
}

/** The open problem with this fingerprint; the fingerprint stays locked to the end of the transaction, and retention away from the row. */
export async function findOpenAlert(
  sql: Sql,
  options: { projectId: string; fingerprint: string | null; windowMs: number },
): Promise<KnownAlert | null> {
  const { projectId, fingerprint, windowMs } = options;
  if (fingerprint === null) return null;
  await lockFor(sql, `alert:${projectId}:${fingerprint}`);
  const { rows } = await sql.query<KnownAlert>(
    `select ${COLUMNS}, a.last_fired_at > now() - $3 * interval '1 millisecond' as fresh
     from alert a ${NEWEST_SESSION}
     where a.project_id = $1 and a.fingerprint = $2 and a.status = 'firing' for no key update of a`,
    [projectId, fingerprint, windowMs],
  );
  return rows[0] ?? null;
}

/** The problem with this fingerprint that was resolved last. */
export async function findLatestResolved(
  sql: Sql,
  projectId: string,
  fingerprint: string | null,
): Promise<KnownAlert | null> {
  const { rows } = await sql.query<KnownAlert>(
    `select ${COLUMNS}, false as fresh from alert a ${NEWEST_SESSION}
     where a.project_id = $1 and a.fingerprint = $2 and a.status = 'resolved'
     order by a.last_fired_at desc limit 1 for no key update of a`,
    [projectId, fingerprint],
  );
  return rows[0] ?? null;
}

/** The problem with this fingerprint that was resolved within the time, when it has been investigated. */
export async function findFlapping(
  sql: Sql,
  options: { projectId: string; fingerprint: string | null; windowMs: number },
): Promise<KnownAlert | null> {
  const { rows } = await sql.query<KnownAlert>(
    `select ${COLUMNS}, true as fresh from alert a ${NEWEST_SESSION}
     where a.project_id = $1 and a.fingerprint = $2 and a.status = 'resolved' and s.id is not null
       and a.resolved_at > now() - $3 * interval '1 millisecond'
     order by a.resolved_at desc limit 1 for no key update of a`,
    [options.projectId, options.fingerprint, options.windowMs],
  );
  return rows[0] ?? null;
}

async function lockFor(sql: Sql, what: string): Promise<void> {
  await sql.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [what]);
}
