// Percentiles of the usage report at 100,000 sessions and a million model calls: node bench/usage.ts [--sessions N] [--calls N]
// Uses an embedded database of its own, which it removes. --sessions 1000 --calls 10000 is a smoke pass.
import { parseArgs } from 'node:util';
import { readUsage } from '#src/features/usage/server/read-usage.ts';
import { snapshotChain } from '#src/server/config/index.ts';
import type { Database } from '#src/server/db/database.ts';
import { newId } from '#src/server/ids.ts';
import { fixtureConfig, fixtureKernel } from '#test/session-fixtures.ts';
import { describeMachine, report } from './lib/machine.ts';
import { percentile, percentileHeader, percentileLine } from './lib/percentiles.ts';
import { openTemporaryDatabase } from './lib/temporary-database.ts';

const { values: args } = parseArgs({
  options: { sessions: { type: 'string', default: '100000' }, calls: { type: 'string', default: '1000000' } },
});
const SESSIONS = Number(args.sessions);
const CALLS_PER_SESSION = Math.ceil(Number(args.calls) / SESSIONS);
/** The sessions are spread evenly over so many days. */
const DAYS = 180;
const RUNS = 40;
const WARM_UP = 3;
const DAY_MS = 86_400_000;
/** The page's first view: 30 days. */
const TARGET_MS = 300;

console.log(describeMachine());
const { database, close } = await openTemporaryDatabase();
try {
  await measure(database, await fill(database));
} finally {
  await close();
}
console.log(describeMachine());

/**
 * One project with 90 % of the sessions and one with the rest; types and chains are unevenly spread. A session works with one model;
 * summaries are another's, so that it has five rows of usage, written in the order of time.
 */
async function fill({ pool }: Database): Promise<string> {
  const started = performance.now();
  const [main, other] = [newId(), newId()];
  await pool.query(
    `insert into project (id, slug, name) values ($1, 'main', 'main'), ($2, 'other', 'other')`,
    [main, other],
  );
  await pool.query(
    `insert into alert (id, project_id, source, status, alert_type, title, severity, data, first_fired_at, last_fired_at)
     select gen_random_uuid(), case when n % 10 = 0 then $2::uuid else $1::uuid end, 'api', 'resolved', 'kubernetes', 'alert ' || n,
       'critical', 'payload', now(), now()
     from generate_series(1, $3::int) n`,
    [main, other, SESSIONS],
  );
  await pool.query(
    `insert into session (id, project_id, alert_id, status, alert_type, chain, chain_snapshot, title, author, created_at)
     select gen_random_uuid(), project_id, id, 'completed', 'Type' || floor(40 * power(random(), 3)),
       'chain' || floor(8 * power(random(), 2)), $1, 'KubePodCrashLooping shop/checkout-' || n, 'alertmanager',
       now() - (n * $2::float8 / $3) * interval '1 day'
     from (select id, project_id, row_number() over () as n from alert) a`,
    [JSON.stringify(snapshotChain(fixtureConfig(), 'kubernetes')), DAYS, SESSIONS],
  );
  await pool.query(
    `insert into llm_call (id, session_id, kind, provider, model, request, response, input_tokens, output_tokens,
       cached_input_tokens, cost_usd, started_at, duration_ms)
     select gen_random_uuid(), s.id, (array['iteration', 'iteration', 'iteration', 'summarization', 'chat'])[1 + n % 5], 'main',
       case when n % 5 = 3 then 'model-small' else 'model-' || (hashtext(s.chain) + n / 1000) % 6 end, jsonb_build_object('uptoSeq', n), jsonb_build_object('text', repeat('words ', 60)),
       8000 * random(), 600 * random(), 3000 * random(), case when n % 9 > 0 then random() / 20 end,
       s.created_at + n * interval '20 seconds', 900
     from session s, generate_series(1, $1::int) n`,
    [CALLS_PER_SESSION],
  );
  await pool.query(
    `insert into usage_day (session_id, day, kind, provider, model, project_id, alert_type, chain, calls, unpriced_calls,
       input_tokens, cached_input_tokens, output_tokens, cost_usd)
     select c.session_id, (c.started_at at time zone 'UTC')::date, c.kind, c.provider, c.model, s.project_id, s.alert_type, s.chain,
       count(*), count(*) filter (where c.cost_usd is null), sum(c.input_tokens), sum(c.cached_input_tokens),
       sum(c.output_tokens), coalesce(sum(c.cost_usd), 0)
     from llm_call c join session s on s.id = c.session_id group by 1, 2, 3, 4, 5, 6, 7, 8 order by 2`,
  );
  await pool.query('vacuum analyze');
  const { rows } = await pool.query(
    'select (select count(*) from session) as sessions, (select count(*) from llm_call) as calls, (select count(*) from usage_day) as rows',
  );
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(
    `${rows[0].sessions} sessions, ${rows[0].calls} calls, ${rows[0].rows} rows of usage over ${DAYS} days, written in ${seconds} s`,
  );
  return main;
}

async function measure(target: Database, projectId: string): Promise<void> {
  const kernel = fixtureKernel(target);
  const last = (days: number, more: { chain?: string; rankBy?: 'tokens' } = {}) => {
    const from = new Date(Date.now() - (days - 1) * DAY_MS).toISOString();
    return () => readUsage(kernel, { projectId, rankBy: 'cost', top: 20, from, ...more });
  };
  const cases: [string, () => Promise<unknown>][] = [
    ['last 30 days', last(30)],
    ['last 7 days', last(7)],
    ['last 90 days', last(90)],
    ['all 180 days', last(DAYS + 1)],
    ['all 180 days, by tokens', last(DAYS + 1, { rankBy: 'tokens' })],
    ['last 30 days of one chain', last(30, { chain: 'chain7' })],
    ['for comparison: 30 days from the calls themselves', () => sumOfCalls(target, projectId)],
  ];
  console.log(percentileHeader('ms'));
  for (const [index, [name, run]] of cases.entries()) {
    for (let n = 0; n < WARM_UP; n += 1) await run();
    const times: number[] = [];
    for (let n = 0; n < RUNS; n += 1) {
      const before = performance.now();
      await run();
      times.push(performance.now() - before);
    }
    console.log(percentileLine(name, times));
    const p95 = percentile(
      times.sort((a, b) => a - b),
      0.95,
    );
    if (index === 0) report(`${name}: p95 < ${TARGET_MS} ms`, p95 < TARGET_MS);
  }
}

/** What one of the report's sums takes without the table of usage. */
async function sumOfCalls({ pool }: Database, projectId: string): Promise<void> {
  await pool.query(
    `select (c.started_at at time zone 'UTC')::date as day, sum(c.cost_usd), sum(c.input_tokens + c.output_tokens)
     from llm_call c join session s on s.id = c.session_id
     where s.project_id = $1 and c.started_at >= $2 group by 1`,
    [projectId, new Date(Date.now() - 30 * DAY_MS)],
  );
}
