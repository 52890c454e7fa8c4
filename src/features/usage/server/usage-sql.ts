import type { Sql } from '#src/server/db/database.ts';
import type { RankBy, UsageSum } from '../schema.ts';
import type { UsageRange } from './usage-range.ts';

export type UsageFilter = UsageRange & {
  projectId: string;
  alertType?: string | undefined;
  chain?: string | undefined;
};

/** Sums under the names of the report; `float8`, since a bigint would come as text. */
const SUMS = `sum(calls)::int as calls, sum(failed_calls)::int as "failedCalls", sum(unpriced_calls)::int as "unpricedCalls",
  sum(input_tokens)::float8 as "inputTokens", sum(cached_input_tokens)::float8 as "cachedInputTokens",
  sum(output_tokens)::float8 as "outputTokens", sum(reasoning_tokens)::float8 as "reasoningTokens", sum(cost_usd) as "costUsd"`;

const WHERE = `project_id = $1 and day between $2::date and $3::date
  and ($4::text is null or alert_type = $4) and ($5::text is null or chain = $5)`;

const valuesOf = (filter: UsageFilter) => [
  filter.projectId,
  filter.from,
  filter.to,
  filter.alertType ?? null,
  filter.chain ?? null,
];

/** As it is kept: with what it cost, in any case. */
export type KeptSum = Required<UsageSum>;

/** A sum of one day, model and kind, or of one alert type and chain; the keys of the other cut are null. */
export type UsageCell = KeptSum & {
  day: string | null;
  provider: string | null;
  model: string | null;
  kind: string | null;
  alertType: string | null;
  chain: string | null;
};

/** One scan for all cuts but the sessions. */
export async function sumCells(sql: Sql, filter: UsageFilter): Promise<UsageCell[]> {
  const { rows } = await sql.query<UsageCell>(
    `select to_char(day, 'YYYY-MM-DD') as day, provider, model, kind, alert_type as "alertType", chain, ${SUMS}
     from usage_day where ${WHERE}
     group by grouping sets ((day, provider, model, kind), (alert_type, chain))`,
    valuesOf(filter),
  );
  return rows;
}

export type SessionGroup = { alertType: string; chain: string; sessions: number };

const RANK: Record<RankBy, string> = { cost: 'cost desc, tokens desc', tokens: 'tokens desc' };

/** One scan: how many sessions each alert type and chain has, and the first ones by rank of those that are still there. */
export async function rankSessions(
  sql: Sql,
  filter: UsageFilter & { rankBy: RankBy; top: number },
): Promise<{ groups: SessionGroup[]; top: string[] }> {
  const { rows } = await sql.query<{ groups: SessionGroup[] | null; top: string[] | null }>(
    `with per_session as materialized (
       select session_id, alert_type, chain, sum(cost_usd) as cost, sum(input_tokens + output_tokens) as tokens
       from usage_day where ${WHERE} group by session_id, alert_type, chain
     ), groups as (
       select alert_type as "alertType", chain, count(*)::int as sessions from per_session group by alert_type, chain
     )
     select (select json_agg(groups) from groups) as groups,
       array(select session_id::text from per_session where exists (select from session where id = session_id) order by ${RANK[filter.rankBy]}, session_id limit $6) as top`,
    [...valuesOf(filter), filter.top],
  );
  return { groups: rows[0]?.groups ?? [], top: rows[0]?.top ?? [] };
}

export type TopSession = KeptSum & {
  id: string;
  title: string;
  status: string;
  alertType: string;
  chain: string;
  createdAt: Date;
};

/** The sums of these sessions, in their order. */
export async function sumSessions(
  sql: Sql,
  filter: UsageFilter,
  ids: readonly string[],
): Promise<TopSession[]> {
  const { rows } = await sql.query<TopSession>(
    `select s.id, s.title, s.status, s.alert_type as "alertType", s.chain, s.created_at as "createdAt", u.*
     from unnest($6::uuid[]) with ordinality as wanted (id, place)
     join session s on s.id = wanted.id
     cross join lateral (select ${SUMS} from usage_day where session_id = s.id and ${WHERE}) u
     order by wanted.place`,
    [...valuesOf(filter), ids],
  );
  return rows;
}
