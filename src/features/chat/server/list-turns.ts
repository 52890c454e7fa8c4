import type { RunStatus } from '#src/features/sessions/schema.ts';
import { notFound } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { ChatTurn } from '../schema.ts';

type TurnRecord = {
  id: string;
  arrival: string;
  stage_id: string;
  status: RunStatus;
  author: string;
  content: string;
  result: string | null;
  error: string | null;
  created_at: Date;
  started_at: Date | null;
  completed_at: Date | null;
};

const SELECT_TURN = `select f.id, f.arrival, stage.id as stage_id, f.status, f.author, f.content, stage.result, f.error,
    f.created_at, f.started_at, f.completed_at
  from follow_up f join stage on stage.follow_up_id = f.id`;

/** The questions of a session in the order in which they were asked. Throws `not_found` outside of the project. */
export async function listTurns(
  kernel: Kernel,
  options: { projectId: string; sessionId: string; limit: number; cursor?: string | undefined },
): Promise<{ items: ChatTurn[]; nextCursor: string | null }> {
  const { projectId, sessionId, limit, cursor } = options;
  const { pool } = kernel.database;
  const session = await pool.query('select 1 from session where id = $1 and project_id = $2', [
    sessionId,
    projectId,
  ]);
  if (!session.rowCount) throw notFound('Session');
  const after = cursor !== undefined && /^\d{1,18}$/.test(cursor) ? cursor : '0';
  const { rows } = await pool.query<TurnRecord>(
    `${SELECT_TURN} where f.session_id = $1 and f.kind = 'chat' and f.arrival > $2::bigint order by f.arrival limit $3`,
    [sessionId, after, limit + 1],
  );
  const page = rows.slice(0, limit);
  return { items: page.map(toTurn), nextCursor: rows.length > limit ? (page.at(-1)?.arrival ?? null) : null };
}

/** One question. Throws `not_found` outside of the project and session. */
export async function readTurn(
  kernel: Kernel,
  options: { projectId: string; sessionId: string; turnId: string },
): Promise<ChatTurn> {
  const { rows } = await kernel.database.pool.query<TurnRecord>(
    `${SELECT_TURN} join session s on s.id = f.session_id
     where f.id = $1 and f.session_id = $2 and f.kind = 'chat' and s.project_id = $3`,
    [options.turnId, options.sessionId, options.projectId],
  );
  const row = rows[0];
  if (!row) throw notFound('Question');
  return toTurn(row);
}

const toTurn = (row: TurnRecord): ChatTurn => ({
  turnId: row.id,
  stageId: row.stage_id,
  status: row.status,
  author: row.author,
  question: row.content,
  answer: row.result,
  error: row.error,
  createdAt: row.created_at.toISOString(),
  startedAt: row.started_at?.toISOString() ?? null,
  completedAt: row.completed_at?.toISOString() ?? null,
});
