import { snapshotChain } from '#src/server/config/index.ts';
import type { Database } from '#src/server/db/database.ts';
import { newId } from '#src/server/ids.ts';
import { fixtureConfig } from '#test/session-fixtures.ts';

const PENDING_MAX = 1_000;

/**
 * One project with 91 % of the sessions and one with the rest; types, words and severities are unevenly spread. What only the
 * other one has is what PostgreSQL expects in the first and does not find. Returns the id of the first.
 */
export async function fillSessions(
  target: Database,
  { sessions, events }: { sessions: number; events: number },
): Promise<string> {
  const pending = Math.min(PENDING_MAX, Math.floor(sessions / 10));
  const started = performance.now();
  const [main, other] = [newId(), newId()];
  const { pool } = target;
  await pool.query(
    `insert into project (id, slug, name) values ($1, 'main', 'main'), ($2, 'other', 'other')`,
    [main, other],
  );
  // Filled row by row it would take many minutes; a run adds its row once, when it ends.
  await pool.query('drop index session_timeline_search');
  await pool.query(
    `insert into alert (id, project_id, source, status, alert_type, title, severity, data, first_fired_at, last_fired_at)
     select gen_random_uuid(), case when n % 11 = 0 then $2::uuid else $1::uuid end, 'api', 'resolved', 'kubernetes', 'alert ' || n,
       'critical', repeat('payload ', 40), now(), now()
     from generate_series(1, $3::int) n`,
    [main, other, sessions],
  );
  await pool.query(
    `insert into session (id, project_id, alert_id, status, alert_type, chain, chain_snapshot, severity, title, author,
       created_at, started_at, completed_at, final_analysis, executive_summary, search_text, cost_usd, tool_calls, last_seq,
       review_status, assignee, rating, score, scoring, changed, timeline_search)
     select gen_random_uuid(), a.project_id, a.id,
       (case when n <= $1 then 'pending' when n <= $1 + 5 then 'running' when n % 50 = 0 then 'failed'
         when n % 997 = 0 then 'timed_out' else 'completed' end)::"RunStatus",
       'Type' || floor(40 * power(random(), 3)), case when a.project_id = $5 and n % 2 = 0 then 'elsewhere' when n % 20 = 0 then 'network' else 'kubernetes' end, $2,
       (array['critical', 'warning', 'info'])[1 + floor(3 * power(random(), 2))::int],
       'KubePodCrashLooping shop/checkout-' || (n % 5000), 'sender ' || (n % 7),
       now() - n * interval '1 minute', case when n > $1 then now() - n * interval '1 minute' end,
       case when n > $1 + 5 then now() - n * interval '1 minute' + random() * interval '10 minutes' end,
       repeat('The container exits because a key of the Secret is missing. ', 20) || 'ref' || (n % 700) || ' among' || (n % 12) || ' ' || (n % 20) || 'th' || case when n > $4 then ' legacy' else '' end,
       'The pod restarts since its Secret lacks a key; word' || floor(20000 * power(random(), 2)),
       'namespace shop pod checkout-' || n || ' node worker-' || (n % 40), random() * 2, floor(random() * 40), $3,
       case when n <= $1 + 5 then null when n % 30 = 0 then 'needs_review' when n % 500 = 0 then 'in_progress' else 'reviewed' end::"ReviewStatus",
       case when n % 4 = 0 then 'person ' || (n % 200) end,
       case when n % 9 = 0 then (array['accurate', 'partially_accurate', 'inaccurate'])[1 + n % 3]::"Rating" end,
       case when n % 3 = 0 then floor(100 * random())::int end,
       (case when n % 3 = 0 then 'scored' when n % 700 = 1 then 'failed' else 'not_scored' end)::"Scoring", n % 40 = 0,
       -- Some 200 different words, as a run of a dozen tool calls has; some are in many timelines, some in few.
       to_tsvector('simple', 'seen' || floor(20000 * power(random(), 2)) || ' trace' || n || ' everywhere ' || coalesce(
         (select string_agg('w' || (n * 31 + i * 17) % 9000, ' ') from generate_series(1, 200) i), ''))
     from (select id, project_id, row_number() over () as n from alert) a`,
    [
      pending,
      JSON.stringify(snapshotChain(fixtureConfig(), 'kubernetes')),
      Math.ceil(events / sessions),
      Math.floor(sessions * 0.9),
      other,
    ],
  );
  await pool.query(
    `insert into stage (id, session_id, index, name, type, status) select gen_random_uuid(), id, 0, 'look', 'investigation', status from session`,
  );
  await pool.query(
    `insert into stage (id, session_id, index, name, type, status, follow_up_id)
     select gen_random_uuid(), id, n, 'more', case when n = 4 then 'chat' else 'investigation' end, 'completed', case when n = 4 then id end
     from session, generate_series(1, 4) n where status = 'completed'`,
  );
  await pool.query(
    `insert into execution (id, session_id, stage_id, index, agent, status, provider, model, parent_execution_id)
     select gen_random_uuid(), session_id, id, 0, 'kubernetes', status, 'main', 'm', case when index = 1 then id end from stage`,
  );
  await pool.query(
    `insert into session_event (session_id, seq, type, payload)
     select s.id, n, 'item.delta', jsonb_build_object('itemId', s.id, 'offset', n, 'text', repeat('text ', 10))
     from session s, generate_series(1, $1::int) n`,
    [Math.ceil(events / sessions)],
  );
  await pool.query('create index session_timeline_search on session using gin (timeline_search)');
  await pool.query('vacuum analyze');
  const { rows } = await pool.query(
    'select (select count(*) from session) as sessions, (select count(*) from session_event) as events',
  );
  console.log(
    `${rows[0].sessions} sessions, ${rows[0].events} events written in ${Math.round((performance.now() - started) / 1000)} s`,
  );
  return main;
}
