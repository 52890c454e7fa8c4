import type { Rating, ReviewStatus, SessionReview } from '../schema.ts';

/** Columns of the review on a session's row, for `select` and `returning`. */
export const REVIEW_COLUMNS =
  'review_status, assignee, assigned_at, reviewed_at, rating, action_taken, review_note';

export type ReviewColumns = {
  review_status: ReviewStatus | null;
  assignee: string | null;
  assigned_at: Date | null;
  reviewed_at: Date | null;
  rating: Rating | null;
  action_taken: string | null;
  review_note: string | null;
};

export const reviewView = (row: ReviewColumns): SessionReview => ({
  status: row.review_status,
  assignee: row.assignee,
  assignedAt: row.assigned_at?.toISOString() ?? null,
  reviewedAt: row.reviewed_at?.toISOString() ?? null,
  rating: row.rating,
  actionTaken: row.action_taken,
  note: row.review_note,
});
