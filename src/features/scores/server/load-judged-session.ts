import type { ItemStatus, ItemType } from '#src/features/sessions/schema.ts';
import type { ChainSnapshot } from '#src/server/config/index.ts';
import type { Sql } from '#src/server/db/database.ts';
import { notFound } from '#src/server/errors.ts';

export type JudgedItem = {
  type: ItemType;
  status: ItemStatus;
  content: string;
  data: Record<string, unknown>;
  agent: string | null;
  stage: string | null;
};

/** A finished investigation as a judge sees it: all of it masked, without what came after its end. */
export type JudgedSession = {
  snapshot: ChainSnapshot;
  status: string;
  error: string | null;
  title: string;
  alert: string;
  runbook: string | null;
  analysis: string | null;
  items: JudgedItem[];
  /** Tools that each agent was offered. */
  tools: { agent: string; names: string[] }[];
  /** Ids of calls that succeeded: what an analysis may refer to. */
  completedCalls: string[];
  /** An agent had to conclude before it was done. */
  forced: boolean;
};

type Row = {
  chain_snapshot: ChainSnapshot;
  status: string;
  error: string | null;
  title: string;
  alert_type: string;
  severity: string | null;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  data: string;
  runbook_text: string | null;
  final_analysis: string | null;
};

/** Throws `not_found` when the session is gone. */
export async function loadJudgedSession(sql: Sql, sessionId: string): Promise<JudgedSession> {
  const { rows } = await sql.query<Row>(
    `select s.chain_snapshot, s.status, s.error, s.title, s.alert_type, s.severity, a.labels, a.annotations, a.data,
       s.runbook_text, s.final_analysis
     from session s join alert a on a.id = s.alert_id where s.id = $1`,
    [sessionId],
  );
  const row = rows[0];
  if (!row) throw notFound('Session');
  const items = await sql.query<JudgedItem>(
    `select i.type, i.status, i.content, i.data, e.agent, st.name as stage from timeline_item i
     left join stage st on st.id = i.stage_id left join execution e on e.id = i.execution_id
     where i.session_id = $1 and st.follow_up_id is null order by i.seq`,
    [sessionId],
  );
  const tools = await sql.query<{ agent: string; names: string[] }>(
    `select e.agent, array_agg(distinct tool) as names from llm_call c
     join execution e on e.id = c.execution_id join stage st on st.id = e.stage_id and st.follow_up_id is null
     cross join lateral jsonb_array_elements_text(
       case when jsonb_typeof(c.request->'tools') = 'array' then c.request->'tools' else '[]' end) as tool
     where c.session_id = $1 group by e.agent order by e.agent`,
    [sessionId],
  );
  const calls = await sql.query<{ call_id: string }>(
    `select c.call_id from tool_call c join execution e on e.id = c.execution_id
     join stage st on st.id = e.stage_id and st.follow_up_id is null
     where c.session_id = $1 and c.status = 'completed'`,
    [sessionId],
  );
  const forced = await sql.query(
    `select 1 from llm_call c join execution e on e.id = c.execution_id
     join stage st on st.id = e.stage_id and st.follow_up_id is null
     where c.session_id = $1 and c.kind = 'forced_conclusion' limit 1`,
    [sessionId],
  );
  return {
    snapshot: row.chain_snapshot,
    status: row.status,
    error: row.error,
    title: row.title,
    alert: describeAlert(row),
    runbook: row.runbook_text,
    analysis: row.final_analysis,
    items: items.rows,
    tools: tools.rows,
    completedCalls: calls.rows.map(({ call_id }) => call_id),
    forced: forced.rows.length > 0,
  };
}

const describeAlert = (row: Row): string =>
  [
    `Title: ${row.title}`,
    `Type: ${row.alert_type}`,
    `Severity: ${row.severity ?? 'none'}`,
    ...Object.entries(row.labels).map(([key, value]) => `Label ${key}: ${value}`),
    ...Object.entries(row.annotations).map(([key, value]) => `Annotation ${key}: ${value}`),
    '',
    row.data,
  ].join('\n');
