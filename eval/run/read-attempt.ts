import { z } from 'zod';
import type { Sql } from '#src/server/db/database.ts';
import type { AttemptCall, AttemptFacts } from '../judge/evaluate-attempt.ts';

/** What an attempt used. */
export type AttemptUsage = {
  inputTokens: number;
  outputTokens: number;
  /** Null when the price of a call is unknown. */
  costUsd: number | null;
  durationMs: number;
};

type SessionRow = {
  status: string;
  error: string | null;
  final_analysis: string | null;
  input_tokens: number;
  output_tokens: number;
  cost_usd: number;
  unpriced_calls: number;
  duration_ms: number | null;
  iterations: number;
};

type CallRow = {
  call_id: string;
  server: string;
  tool: string;
  read_only: boolean;
  arguments: unknown;
  status: string;
  result: string | null;
};

/** What an ended attempt came to, from the rows of its session. */
export async function readAttempt(
  sql: Sql,
  sessionId: string,
): Promise<{ facts: AttemptFacts; usage: AttemptUsage }> {
  const { rows } = await sql.query<SessionRow>(
    `select s.status, s.error, s.final_analysis, s.input_tokens, s.output_tokens, s.cost_usd, s.unpriced_calls,
       (extract(epoch from s.completed_at - s.started_at) * 1000)::float8 as duration_ms,
       coalesce((select max(e.iterations) from execution e where e.session_id = s.id), 0) as iterations
     from session s where s.id = $1`,
    [sessionId],
  );
  const session = rows[0];
  if (!session) throw new Error(`session ${sessionId} is gone`);
  const calls = await sql.query<CallRow>(
    `select c.call_id, c.server, c.tool, c.read_only, c.arguments, c.status, coalesce(o.content, c.result) as result
     from tool_call c left join tool_output o on o.id = c.output_id
     where c.session_id = $1 order by c.started_at nulls last, c.iteration, c.index`,
    [sessionId],
  );
  const answer = await sql.query<{ data: unknown }>(
    `select data from timeline_item where session_id = $1 and type = 'final_analysis' order by seq desc limit 1`,
    [sessionId],
  );
  return {
    facts: {
      status: session.status,
      error: session.error,
      analysis: session.final_analysis,
      calls: calls.rows.map(toCall),
      citedCallIds: readEvidence(answer.rows[0]?.data),
      iterations: session.iterations,
    },
    usage: {
      inputTokens: session.input_tokens,
      outputTokens: session.output_tokens,
      costUsd: session.unpriced_calls > 0 ? null : session.cost_usd,
      durationMs: Math.round(session.duration_ms ?? 0),
    },
  };
}

const toCall = (row: CallRow): AttemptCall => ({
  callId: row.call_id,
  tool: row.tool,
  // A tool that no server has changes nothing; only a scenario's own pattern forbids asking for one.
  readOnly: row.read_only || row.server === '',
  arguments: z.record(z.string(), z.unknown()).catch({}).parse(row.arguments),
  status: row.status,
  result: row.result ?? '',
});

const evidenceSchema = z.object({ evidence: z.array(z.object({ callId: z.string() })) });

function readEvidence(data: unknown): string[] {
  const parsed = evidenceSchema.safeParse(data);
  return parsed.success ? parsed.data.evidence.map(({ callId }) => callId) : [];
}
