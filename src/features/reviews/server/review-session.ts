import { isTerminal, type RunStatus, type SessionReview } from '#src/features/sessions/schema.ts';
import {
  appendEvents,
  REVIEW_COLUMNS,
  type ReviewColumns,
  reviewView,
} from '#src/features/sessions/server/index.ts';
import { storable } from '#src/lib/storable-text.ts';
import type { Sql } from '#src/server/db/database.ts';
import { notFound } from '#src/server/errors.ts';
import { loadSessionMasker } from '#src/server/identifiers/index.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { ReviewCommand } from '../schema.ts';
import { applyReview, type Review } from './apply-review.ts';
import { learnFromReview } from './learn-from-review.ts';

export type ReviewOptions = { projectId: string; sessionId: string; actor: string; command: ReviewCommand };

/**
 * One step of a review: the session's new state, who did it, and the event that open pages and lists follow, in one
 * transaction. Throws `not_found` outside the project, `conflict` where the state does not allow the action, and
 * `bad_request` for feedback that does not belong to it.
 */
export async function reviewSession(kernel: Kernel, options: ReviewOptions): Promise<SessionReview> {
  const done = await kernel.database.transaction(async (sql) => {
    const before = await lockReview(sql, options);
    const command = await maskCommand(kernel, sql, options);
    const review = applyReview(before.review, {
      command,
      actor: options.actor,
      ended: isTerminal(before.status),
    });
    await learnFromReview(kernel, sql, { ...options, command, before: before.review, review });
    const view = await writeReview(sql, options.sessionId, { before: before.review, review });
    await insertActivity(sql, { ...options, command, from: before.review, to: review });
    await appendEvents(sql, {
      sessionId: options.sessionId,
      events: [{ type: 'session.patch', payload: { review: view } }],
    });
    return view;
  });
  if (options.command.action === 'complete')
    kernel.metrics.reviewsCompleted.inc({ rating: done.rating ?? 'none' });
  return done;
}

/** What people write is masked like everything else: they paste log lines. Empty text is none. */
async function maskCommand(
  kernel: Kernel,
  sql: Sql,
  { sessionId, command }: ReviewOptions,
): Promise<ReviewCommand> {
  if (!command.actionTaken && !command.note) return command;
  const masker = await loadSessionMasker(kernel, sql, sessionId);
  const clean = (text: string | undefined) =>
    text === undefined ? undefined : storable(masker.text(text.trim()));
  const masked = { ...command, actionTaken: clean(command.actionTaken), note: clean(command.note) };
  await masker.identifiers.save(sql);
  return masked;
}

async function lockReview(
  sql: Sql,
  { projectId, sessionId }: ReviewOptions,
): Promise<{ status: RunStatus; review: Review }> {
  const { rows } = await sql.query<ReviewColumns & { status: RunStatus }>(
    `select status, ${REVIEW_COLUMNS} from session where id = $1 and project_id = $2 for no key update`,
    [sessionId, projectId],
  );
  const row = rows[0];
  if (!row) throw notFound('Session');
  return {
    status: row.status,
    review: {
      status: row.review_status,
      assignee: row.assignee,
      rating: row.rating,
      actionTaken: row.action_taken,
      note: row.review_note,
    },
  };
}

async function writeReview(
  sql: Sql,
  sessionId: string,
  { before, review }: { before: Review; review: Review },
): Promise<SessionReview> {
  const { rows } = await sql.query<ReviewColumns>(
    `update session set review_status = $2::"ReviewStatus", rating = $3::"Rating", action_taken = $4, review_note = $5,
       assigned_at = case when $6::text is null then null when assignee is distinct from $6 then now() else assigned_at end,
       assignee = $6,
       reviewed_at = case when $2 is distinct from 'reviewed' then null when $7 then reviewed_at else now() end
     where id = $1 returning ${REVIEW_COLUMNS}`,
    [
      sessionId,
      review.status,
      review.rating,
      review.actionTaken || null,
      review.note || null,
      review.assignee,
      before.status === 'reviewed',
    ],
  );
  const row = rows[0];
  if (!row) throw notFound('Session');
  return reviewView(row);
}

async function insertActivity(
  sql: Sql,
  options: ReviewOptions & { from: Review; to: Review },
): Promise<void> {
  const { sessionId, actor, command, from, to } = options;
  await sql.query(
    `insert into review_activity (id, session_id, actor, action, from_status, to_status, rating, action_taken, note)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      newId(),
      sessionId,
      actor,
      command.action,
      from.status,
      to.status,
      command.rating ?? null,
      command.actionTaken || null,
      command.note || null,
    ],
  );
}
