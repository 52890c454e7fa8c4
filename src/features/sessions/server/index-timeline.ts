import type { Sql } from '#src/server/db/database.ts';
import { TIMELINE_SEARCH_MAX_CHARS } from './tunables.ts';

/** As in the generated `search` column: everything in ASCII that is neither letter nor digit separates words. */
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/**
 * Makes the words of a session's timeline and chat findable: what agents and people wrote, then which tools were called with
 * what, and the first part of what they said. Called when the run, or an answer in the chat, has ended, in that transaction.
 */
export async function indexTimeline(sql: Sql, sessionId: string): Promise<void> {
  await sql.query(
    `update session set timeline_search = (
       select strip(to_tsvector('simple', translate(left(string_agg(
           concat_ws(' ', content, data->>'tool', data->>'arguments', data->>'result'), ' '
           order by type = 'tool_call', seq), $2), $3, repeat(' ', length($3)))))
       from timeline_item where session_id = $1)
     where id = $1`,
    [sessionId, TIMELINE_SEARCH_MAX_CHARS, PUNCTUATION],
  );
}
