import type { Sql } from '#src/server/db/database.ts';
import type { RankBy, UsageSum } from '../schema.ts';
import type { UsageRange } from './usage-range.ts';

export type UsageFilter = UsageRange & {
  projectId: string;
  alertType?: string | undefined;
  chain?: string | undefined;
};

/** Sums under the names of the report; `float8`, since a bigint would come as text. */
const SUMS = `coalesce(sum(calls), 0)::int as calls, coalesce(sum("failedCalls"), 0)::int as "failedCalls", coalesce(sum("unpricedCalls"), 0)::int as "unpricedCalls",
  coalesce(sum("inputTokens"), 0)::float8 as "inputTokens", coalesce(sum("cachedInputTokens"), 0)::float8 as "cachedInputTokens",
  coalesce(sum("outputTokens"), 0)::float8 as "outputTokens", coalesce(sum("reasoningTokens"), 0)::float8 as "reasoningTokens",
  coalesce(sum("costUsd"), 0)::float8 as "costUsd"`;

/** The rows of a filter under the same names. */
const USED = `select session_id, day, kind, provider, model, alert_type, chain, calls, failed_calls as "failedCalls",
    unpriced_calls as "unpricedCalls", input_tokens as "inputTokens", cached_input_tokens as "cachedInputTokens",
    output_tokens as "outputTokens", reasoning_tokens as "reasoningTokens", cost_usd as "costUsd"
  from usage_day where project_id = $1 and day between $2::date and $3::date
    and ($4::text is null or alert_type = $4) and ($5::text is null or chain = $5)`;

const valuesOf = (filter: UsageFilter) => [
  filter.projectId,
  filter.from,
  filter.to,
  filter.alertType ?? null,
  filter.chain ?? null,
];

type CallGroup = UsageSum & {
  day: string | null;
  provider: string | null;
  model: string | null;
  kind: string | null;
};

/** One scan: a sum per day, per model and per kind of call. */
export async function sumCalls(sql: Sql, filter: UsageFilter): Promise<CallGroup[]> {
  const { rows } = await sql.query<CallGroup>(
    `select to_char(day, 'YYYY-MM-DD') as day, provider, model, kind, ${SUMS} from (${USED}) u
     group by grouping sets ((day), (provider, model), (kind))`,
    valuesOf(filter),
  );
  return rows;
}

type SessionGroup = UsageSum & { alertType: string | null; chain: string | null; sessions: number };
type TopSession = UsageSum & {
  id: string;
  title: string;
  status: string;
  alertType: string;
  chain: string;
  createdAt: string;
};

const RANK: Record<RankBy, string> = {
  cost: '"costUsd" desc, "inputTokens" + "outputTokens" desc',
  tokens: '"inputTokens" + "outputTokens" desc',
};

/** One scan: a sum per session, and of those per alert type, per chain, in all; and the first sessions by rank. */
export async function sumSessions(
  sql: Sql,
  filter: UsageFilter & { rankBy: RankBy; top: number },
): Promise<{ groups: SessionGroup[]; top: TopSession[] }> {
  const { rows } = await sql.query<{ groups: SessionGroup[] | null; top: TopSession[] | null }>(
    `with per_session as materialized (
       select session_id, alert_type, chain, ${SUMS} from (${USED}) u group by session_id, alert_type, chain
     ), groups as (
       select alert_type as "alertType", chain, count(*)::int as sessions, ${SUMS} from per_session
       group by grouping sets ((), (alert_type), (chain))
     ), top as (
       select * from per_session order by ${RANK[filter.rankBy]}, session_id limit $6
     )
     select (select json_agg(groups) from groups) as groups,
       (select json_agg(json_build_object('id', s.id, 'title', s.title, 'status', s.status, 'alertType', s.alert_type,
          'chain', s.chain, 'createdAt', to_char(s.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'calls', calls, 'failedCalls', "failedCalls", 'unpricedCalls', "unpricedCalls", 'inputTokens', "inputTokens",
          'cachedInputTokens', "cachedInputTokens", 'outputTokens', "outputTokens", 'reasoningTokens', "reasoningTokens",
          'costUsd', "costUsd") order by ${RANK[filter.rankBy]}, s.id)
        from top join session s on s.id = top.session_id) as top`,
    [...valuesOf(filter), filter.top],
  );
  return { groups: rows[0]?.groups ?? [], top: rows[0]?.top ?? [] };
}
