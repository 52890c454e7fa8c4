import { requireSession } from '#src/features/sessions/server/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { Score } from '../schema.ts';
import { SCORES_LIMIT } from './tunables.ts';

type Row = {
  id: string;
  status: Score['status'];
  method: Score['method'];
  provider: string | null;
  model: string | null;
  prompt_hash: string | null;
  total: number | null;
  outcome: Score['outcome'];
  dimensions: Score['dimensions'];
  tags: Score['tags'];
  analysis: string | null;
  tool_report: string | null;
  triggered_by: string;
  error: string | null;
  created_at: Date;
  completed_at: Date | null;
};

/** A session's scores, newest first. Throws `not_found` outside the project. */
export async function listScores(
  kernel: Kernel,
  options: { projectId: string; sessionId: string },
): Promise<{ items: Score[]; nextCursor: null }> {
  const { pool } = kernel.database;
  await requireSession(pool, options);
  // A score whose work was cancelled or given up has ended with it.
  const { rows } = await pool.query<Row>(
    `select s.id, case when s.completed_at is null then f.status else s.status end as status, s.method, s.provider, s.model,
       s.prompt_hash, s.total, s.outcome, s.dimensions, s.tags, s.analysis, s.tool_report, s.triggered_by,
       coalesce(s.error, f.error) as error, s.created_at, coalesce(s.completed_at, f.completed_at) as completed_at
     from score s join follow_up f on f.id = s.follow_up_id
     where s.session_id = $1 order by s.created_at desc, s.id desc limit $2`,
    [options.sessionId, SCORES_LIMIT],
  );
  return { items: rows.map(scoreView), nextCursor: null };
}

const scoreView = (row: Row): Score => ({
  id: row.id,
  status: row.status,
  method: row.method,
  provider: row.provider,
  model: row.model,
  promptHash: row.prompt_hash,
  total: row.total,
  outcome: row.outcome,
  dimensions: row.dimensions,
  tags: row.tags,
  analysis: row.analysis,
  toolReport: row.tool_report,
  triggeredBy: row.triggered_by,
  error: row.error,
  createdAt: row.created_at.toISOString(),
  completedAt: row.completed_at?.toISOString() ?? null,
});
