import type { Sql } from '#src/server/db/database.ts';
import { newId } from '#src/server/ids.ts';
import type { MemoryCategory, MemoryValence } from '../schema.ts';
import { REINFORCEMENT } from './tunables.ts';

export type MemoryDraft = {
  content: string;
  category: MemoryCategory;
  valence: MemoryValence;
  confidence: number;
};

type Origin = {
  projectId: string;
  author: string;
  sourceSessionId: string | null;
  alertType: string | null;
  chain: string | null;
};

/** Inserts a memory, masked by the caller. One that says the same already is confirmed instead. Returns its id. */
export async function insertMemory(sql: Sql, draft: MemoryDraft, origin: Origin): Promise<string> {
  const known = await sql.query<{ id: string }>(
    `select id from memory where project_id = $1 and deprecated_at is null and lower(content) = lower($2) limit 1`,
    [origin.projectId, draft.content],
  );
  if (known.rows[0]) {
    await reinforceMemories(sql, { projectId: origin.projectId, ids: [known.rows[0].id] });
    return known.rows[0].id;
  }
  const id = newId();
  await sql.query(
    `insert into memory (id, project_id, content, category, valence, confidence, source_session_id, alert_type, chain, author)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      id,
      origin.projectId,
      draft.content,
      draft.category,
      draft.valence,
      draft.confidence,
      origin.sourceSessionId,
      origin.alertType,
      origin.chain,
      origin.author,
    ],
  );
  return id;
}

/** Seen once more: fresher, and a little less doubtful. Returns how many there were. */
export async function reinforceMemories(
  sql: Sql,
  options: { projectId: string; ids: readonly string[] },
): Promise<number> {
  const { rowCount } = await sql.query(
    `update memory set seen_count = seen_count + 1, last_seen_at = now(), updated_at = now(),
       confidence = confidence + (1 - confidence) * ${REINFORCEMENT}
     where project_id = $1 and id::text = any($2) and deprecated_at is null`,
    [options.projectId, options.ids],
  );
  return rowCount ?? 0;
}

/** Out of use, with the reason in words. Returns how many there were. */
export async function deprecateMemory(
  sql: Sql,
  options: { projectId: string; id: string; why: string },
): Promise<number> {
  const { rowCount } = await sql.query(
    `update memory set deprecated_at = now(), deprecated_why = $3, updated_at = now()
     where project_id = $1 and id::text = $2 and deprecated_at is null`,
    [options.projectId, options.id, options.why],
  );
  return rowCount ?? 0;
}
