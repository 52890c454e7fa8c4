import type { Rating } from '#src/features/sessions/schema.ts';
import type { Sql } from '#src/server/db/database.ts';
import { RATING_FACTORS } from './tunables.ts';

/**
 * What a session's rating means for the memories that came from it or were given to it: a right answer makes them more
 * credible, a half right one less, a wrong one puts them out of use. What an earlier rating of the session did is taken back
 * first, exactly, so that a rating counts once however often it is changed. In the caller's transaction.
 */
export async function adjustForRating(
  sql: Sql,
  options: { sessionId: string; rating: Rating | null },
): Promise<void> {
  const { sessionId, rating } = options;
  await takeBack(sql, sessionId);
  switch (rating) {
    case null:
      return;
    case 'inaccurate':
      return putOutOfUse(sql, sessionId);
    case 'accurate':
    case 'partially_accurate':
      return scaleConfidence(sql, sessionId, RATING_FACTORS[rating]);
  }
}

const CONCERNED = `m.source_session_id = $1 or m.id in (select memory_id from memory_injection where session_id = $1)`;

/** Back into use only what no other session's rating keeps out of it. */
async function takeBack(sql: Sql, sessionId: string): Promise<void> {
  await sql.query(
    `with mine as (
       select a.memory_id, a.factor, a.deprecated and not exists (
         select 1 from memory_adjustment o where o.memory_id = a.memory_id and o.deprecated and o.session_id <> $1
       ) as restored
       from memory_adjustment a where a.session_id = $1
     )
     update memory m set confidence = least(1, m.confidence / mine.factor), updated_at = now(),
       deprecated_at = case when mine.restored then null else m.deprecated_at end,
       deprecated_why = case when mine.restored then null else m.deprecated_why end
     from mine where mine.memory_id = m.id`,
    [sessionId],
  );
  await sql.query('delete from memory_adjustment where session_id = $1', [sessionId]);
}

/** Also what another session's rating has put out of use already: each of the two alone is enough. */
async function putOutOfUse(sql: Sql, sessionId: string): Promise<void> {
  await sql.query(
    `with concerned as (
       select m.id from memory m where (${CONCERNED}) and (m.deprecated_at is null
         or exists (select 1 from memory_adjustment o where o.memory_id = m.id and o.deprecated)) for update
     ), changed as (
       update memory m set deprecated_at = now(), updated_at = now(),
         deprecated_why = 'An investigation that it came from or was given to was rated inaccurate.'
       from concerned where m.id = concerned.id and m.deprecated_at is null
     ) insert into memory_adjustment (memory_id, session_id, factor, deprecated) select id, $1, 1, true from concerned`,
    [sessionId],
  );
}

async function scaleConfidence(sql: Sql, sessionId: string, factor: number): Promise<void> {
  await sql.query(
    `with before as (
       select m.id, m.confidence from memory m where m.deprecated_at is null and m.confidence > 0 and (${CONCERNED}) for update
     ), changed as (
       update memory m set confidence = least(1, m.confidence * $2), updated_at = now()
       from before where m.id = before.id returning m.id, m.confidence / before.confidence as factor
     ) insert into memory_adjustment (memory_id, session_id, factor, deprecated) select id, $1, factor, false from changed`,
    [sessionId, factor],
  );
}
