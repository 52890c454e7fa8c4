import { createHash } from 'node:crypto';
import type { Sql } from '#src/server/db/database.ts';
import { CACHE_KEPT_DAYS } from './tunables.ts';

export type CachedDocument = { content: string; etag: string | null; fetchedAt: Date; ageMs: number };

/** The copy of a document as last fetched, whatever its age. */
export async function readCached(sql: Sql, key: string): Promise<CachedDocument | null> {
  const { rows } = await sql.query<{
    content: string;
    etag: string | null;
    fetched_at: Date;
    age_ms: number;
  }>(
    `select content, etag, fetched_at, extract(epoch from now() - fetched_at)::float * 1000 as age_ms
     from runbook_cache where url = $1`,
    [key],
  );
  const row = rows[0];
  return row ? { content: row.content, etag: row.etag, fetchedAt: row.fetched_at, ageMs: row.age_ms } : null;
}

/** Keeps a copy, and removes those that nobody has asked for in a long time. */
export async function writeCached(
  sql: Sql,
  document: { key: string; content: string; etag: string | null },
): Promise<void> {
  await sql.query(
    `insert into runbook_cache (url, content, etag, fetched_at) values ($1, $2, $3, now())
     on conflict (url) do update set content = $2, etag = $3, fetched_at = now()`,
    [document.key, document.content, document.etag],
  );
  await sql.query(`delete from runbook_cache where fetched_at < now() - make_interval(days => $1)`, [
    CACHE_KEPT_DAYS,
  ]);
}

/** The host has confirmed that the copy is current. */
export async function touchCached(sql: Sql, key: string): Promise<void> {
  await sql.query('update runbook_cache set fetched_at = now() where url = $1', [key]);
}

/**
 * Under which name a document is kept: what it is read from and by which rules it is masked, so that a change of either
 * does not show the old text.
 */
export const cacheKey = (kind: 'document' | 'list', address: string, rules: unknown): string =>
  `${kind}:${createHash('sha256').update(JSON.stringify(rules)).digest('hex').slice(0, 16)}:${address}`;
