import { requireSession } from '#src/features/sessions/server/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { ReviewActivity } from '../schema.ts';

type Row = {
  id: string;
  actor: string;
  action: ReviewActivity['action'];
  from_status: ReviewActivity['fromStatus'];
  to_status: ReviewActivity['toStatus'];
  rating: ReviewActivity['rating'];
  action_taken: string | null;
  note: string | null;
  created_at: Date;
};

/** How a session's review came about, newest first. Throws `not_found` outside the project. */
export async function listActivity(
  kernel: Kernel,
  options: { projectId: string; sessionId: string; limit: number },
): Promise<{ items: ReviewActivity[]; nextCursor: null }> {
  const { pool } = kernel.database;
  await requireSession(pool, options);
  const { rows } = await pool.query<Row>(
    `select id, actor, action, from_status, to_status, rating, action_taken, note, created_at from review_activity
     where session_id = $1 order by created_at desc, id desc limit $2`,
    [options.sessionId, options.limit],
  );
  return { items: rows.map(activityView), nextCursor: null };
}

const activityView = (row: Row): ReviewActivity => ({
  id: row.id,
  actor: row.actor,
  action: row.action,
  fromStatus: row.from_status,
  toStatus: row.to_status,
  rating: row.rating,
  actionTaken: row.action_taken,
  note: row.note,
  createdAt: row.created_at.toISOString(),
});
