import { isDeepStrictEqual } from 'node:util';
import {
  isTerminal,
  type SessionEvent,
  type SessionView,
  type TimelineItem,
} from '#src/features/sessions/schema.ts';
import { readEvents } from '#src/features/sessions/server/read/read-events.ts';
import { readSnapshot } from '#src/features/sessions/server/read/read-snapshot.ts';
import { applyEvents, type SessionState, stateFromSnapshot } from '#src/features/sessions/session-state.ts';
import type { Kernel } from '#src/server/kernel.ts';

type Key = { projectId: string; sessionId: string };
type Row = Record<string, unknown>;

/**
 * What must hold for a session whatever happened to the workers that ran it, each violation in words; empty = sound.
 * Reads the rows as they are, so call it when nothing writes the session any more.
 */
export async function findViolations(kernel: Kernel, key: Key): Promise<string[]> {
  const { cursor, session, items } = await readSnapshot(kernel, key);
  const events = await readWholeLog(kernel, key);
  const { pool } = kernel.database;
  const rows = async (sql: string): Promise<Row[]> => (await pool.query<Row>(sql, [key.sessionId])).rows;
  return [
    ...seqViolations(events, cursor),
    ...foldViolations({ cursor, session, items }, events),
    ...(isTerminal(session.status) ? await openViolations(rows) : []),
    ...(await sumViolations(rows)),
    ...(await messageViolations(rows)),
    ...(await statusViolations(events, rows)),
  ];
}

async function readWholeLog(kernel: Kernel, key: Key): Promise<SessionEvent[]> {
  const all: SessionEvent[] = [];
  for (;;) {
    const { events, latest } = await readEvents(kernel, { ...key, after: all.at(-1)?.seq ?? 0 });
    all.push(...events);
    if (events.length === 0 || (all.at(-1)?.seq ?? 0) >= latest) return all;
  }
}

function seqViolations(events: readonly SessionEvent[], cursor: number): string[] {
  const wrong = events.find((event, index) => event.seq !== index + 1);
  return [
    ...(wrong ? [`event ${wrong.seq} (${wrong.type}) is not where it belongs: the log has a gap`] : []),
    ...(events.length === cursor ? [] : [`the log has ${events.length} events, the session says ${cursor}`]),
  ];
}

/** The whole log, folded from an empty start, must give the rows. */
function foldViolations(
  rows: { cursor: number; session: SessionView; items: TimelineItem[] },
  events: readonly SessionEvent[],
): string[] {
  const empty: SessionState = stateFromSnapshot({
    cursor: 0,
    items: [],
    session: {
      ...rows.session,
      status: 'pending',
      statusReason: null,
      startedAt: null,
      completedAt: null,
      finalAnalysis: null,
      executiveSummary: null,
      executiveSummaryError: null,
      error: null,
      stages: [],
      usage: { inputTokens: 0, outputTokens: 0, costUsd: 0, unpricedCalls: 0 },
      counts: { llmCalls: 0, toolCalls: 0, events: 0 },
    },
  });
  const folded = applyEvents(empty, events);
  return [
    ...differences('session', folded.session, rows.session),
    ...(folded.items.length === rows.items.length
      ? []
      : [`the log has ${folded.items.length} timeline items, the table ${rows.items.length}`]),
    ...rows.items.flatMap((item, index) =>
      differences(`item ${item.type} ${index}`, folded.items[index] ?? {}, item),
    ),
  ];
}

function differences(what: string, folded: object, row: object): string[] {
  const fields = new Map<string, unknown>(Object.entries(folded));
  return Object.entries(row).flatMap(([field, value]) => {
    // `undefined` is not there in JSON.
    const [a, b] = [plain(fields.get(field)), plain(value)];
    return isDeepStrictEqual(a, b)
      ? []
      : [`${what}: ${field} is ${JSON.stringify(a)} in the log and ${JSON.stringify(b)} in the row`];
  });
}

const plain = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value));

/** Below a session that has ended, everything has ended but its open follow-ups; and nothing secret is kept for later. */
async function openViolations(rows: (sql: string) => Promise<Row[]>): Promise<string[]> {
  const [followUps] = await rows(
    `select count(*)::int as open from follow_up where session_id = $1 and status in ('pending', 'running', 'waiting', 'cancelling')`,
  );
  if (Number(followUps?.open) > 0) return [];
  const open = await rows(
    `select 'stage ' || name as what, status::text from stage
       where session_id = $1 and (status in ('pending', 'running', 'waiting', 'cancelling') or completed_at is null)
     union all select 'execution ' || agent, status::text from execution
       where session_id = $1 and (status in ('pending', 'running', 'waiting', 'cancelling') or completed_at is null)
     union all select 'item ' || type, status from timeline_item
       where session_id = $1 and (status in ('streaming', 'waiting') or completed_at is null)
     union all select 'tool call ' || wire_name, status from tool_call
       where session_id = $1 and (status in ('planned', 'waiting', 'running') or completed_at is null)
     union all select 'approval of ' || tool, status::text from approval where session_id = $1 and status = 'pending'
     union all select 'sealed arguments of ' || wire_name, 'kept' from tool_call
       where session_id = $1 and arguments_sealed is not null
     union all select 'lease of ' || lease_owner, 'held' from session where id = $1 and lease_owner is not null
     union all select 'lease of follow-up ' || lease_owner, 'held' from follow_up where session_id = $1 and lease_owner is not null`,
  );
  return open.map((row) => `after the end: ${row.what} is still there (${row.status})`);
}

async function sumViolations(rows: (sql: string) => Promise<Row[]>): Promise<string[]> {
  const [sums] = await rows(
    `select s.llm_calls, s.tool_calls, s.input_tokens, s.output_tokens, s.cost_usd, s.unpriced_calls,
       (select count(*) from llm_call where session_id = s.id) as llm_rows,
       (select count(*) from tool_call where session_id = s.id and started_at is not null and completed_at is not null) as tool_rows,
       (select coalesce(sum(input_tokens), 0) from llm_call where session_id = s.id) as input_rows,
       (select coalesce(sum(output_tokens), 0) from llm_call where session_id = s.id) as output_rows,
       (select coalesce(sum(cost_usd), 0) from llm_call where session_id = s.id) as cost_rows,
       (select count(*) from llm_call
        where session_id = s.id and cost_usd is null and input_tokens + output_tokens > 0) as unpriced_rows,
       (select coalesce(sum(calls), 0) from usage_day where session_id = s.id) as daily_calls,
       (select coalesce(sum(input_tokens + output_tokens), 0) from usage_day where session_id = s.id) as daily_tokens,
       s.input_tokens + s.output_tokens as tokens
     from session s where s.id = $1`,
  );
  if (!sums) return ['the session is gone'];
  const pairs = [
    ['llm_calls', 'llm_rows'],
    ['tool_calls', 'tool_rows'],
    ['input_tokens', 'input_rows'],
    ['output_tokens', 'output_rows'],
    ['cost_usd', 'cost_rows'],
    ['unpriced_calls', 'unpriced_rows'],
    ['llm_calls', 'daily_calls'],
    ['tokens', 'daily_tokens'],
  ] as const;
  return pairs.flatMap(([total, sum]) =>
    Math.abs(Number(sums[total]) - Number(sums[sum])) < 1e-9
      ? []
      : [`session.${total} is ${sums[total]}, its rows say ${sums[sum]}`],
  );
}

/** Conversations are dense from 0, answer each call once, and never answer what was not asked. */
async function messageViolations(rows: (sql: string) => Promise<Row[]>): Promise<string[]> {
  const gaps = await rows(
    `select execution_id, count(*) as messages, max(seq) as last from message
     where session_id = $1 group by execution_id having max(seq) <> count(*) - 1 or min(seq) <> 0`,
  );
  const doubled = await rows(
    `select type, count(*) as n from timeline_item
     where session_id = $1 and type in ('final_analysis', 'executive_summary') and status = 'completed'
     group by type, stage_id having count(*) > 1`,
  );
  return [
    ...gaps.map((row) => `conversation ${row.execution_id} has ${row.messages} messages up to ${row.last}`),
    ...doubled.map((row) => `${row.type} was written ${row.n} times`),
  ];
}

/** What may change in a session after its end: what becomes of its alert and its review, and what its follow-ups use. */
const LATE_FIELDS = new Set(['alert', 'usage', 'counts', 'review', 'score', 'pendingApprovals']);

/** A session ends once, and nothing is told of it after its end but what follows it. */
async function statusViolations(
  events: readonly SessionEvent[],
  rows: (sql: string) => Promise<Row[]>,
): Promise<string[]> {
  const ends = events.filter(
    (event) =>
      event.type === 'session.patch' &&
      event.payload.status !== undefined &&
      isTerminal(event.payload.status),
  );
  const end = ends[0];
  if (!end) return [];
  const following = await rows(
    `select id from stage where session_id = $1 and follow_up_id is not null
     union all select item.id from timeline_item item join stage on stage.id = item.stage_id
       where item.session_id = $1 and stage.follow_up_id is not null`,
  );
  const ours = new Set(following.map((row) => String(row.id)));
  const later = events.filter((event) => event.seq > end.seq && !mayFollow(event, ours));
  return [
    ...(ends.length > 1 ? [`the session ended ${ends.length} times`] : []),
    ...(later.length > 0 ? [`${later.length} events after the end, the first a ${later[0]?.type}`] : []),
  ];
}

function mayFollow(event: SessionEvent, ours: ReadonlySet<string>): boolean {
  switch (event.type) {
    case 'session.patch':
      return Object.keys(event.payload).every((field) => LATE_FIELDS.has(field));
    case 'stage.upsert':
    case 'item.started':
      return ours.has(event.payload.id);
    case 'execution.upsert':
      return ours.has(event.payload.stageId);
    case 'item.delta':
    case 'item.patch':
    case 'item.completed':
      return ours.has(event.payload.itemId);
    case 'compacted':
      return true;
  }
}
