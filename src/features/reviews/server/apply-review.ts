import type { Rating, ReviewStatus } from '#src/features/sessions/schema.ts';
import { AppError } from '#src/server/errors.ts';
import { nextReviewStatus, type ReviewState, reviewState } from '../review-transitions.ts';
import type { ReviewCommand } from '../schema.ts';

const words: Record<ReviewState, string> = {
  running: 'not open for review, since the investigation is still running',
  needs_review: 'waiting for a review and claimed by nobody',
  in_progress: 'being reviewed',
  reviewed: 'already reviewed',
};

export type Review = {
  status: ReviewStatus | null;
  assignee: string | null;
  rating: Rating | null;
  actionTaken: string | null;
  note: string | null;
};

/**
 * The review after a command. `ended`: whether the session has ended. Throws `conflict` where the state does not allow the
 * action, `bad_request` for feedback with an action that takes none.
 */
export function applyReview(
  review: Review,
  options: { command: ReviewCommand; actor: string; ended: boolean },
): Review {
  const { command, actor, ended } = options;
  checkFeedback(command);
  if (command.from !== undefined && command.from !== review.status) {
    const holder = review.assignee ? ` (${review.assignee})` : '';
    throw new AppError('conflict', `Meanwhile it is ${words[review.status ?? 'running']}${holder}.`);
  }
  const place = { status: review.status, ended };
  const status = nextReviewStatus(place, command.action);
  if (status === undefined) {
    const state = reviewState(place, command.action);
    throw new AppError('conflict', `Cannot ${command.action}: the session is ${words[state]}.`);
  }
  return { ...feedbackAfter(review, command, actor), status };
}

function feedbackAfter(review: Review, command: ReviewCommand, actor: string): Omit<Review, 'status'> {
  switch (command.action) {
    case 'claim':
      return { ...review, assignee: actor, note: command.note ?? review.note };
    case 'unclaim':
      return { ...review, assignee: null, note: command.note ?? review.note };
    case 'complete':
      return {
        assignee: review.assignee ?? actor,
        rating: command.rating ?? review.rating,
        actionTaken: command.actionTaken ?? review.actionTaken,
        note: command.note ?? review.note,
      };
    case 'acknowledge':
      return {
        assignee: review.assignee ?? actor,
        rating: null,
        actionTaken: null,
        note: command.note ?? null,
      };
    case 'reopen':
      return { assignee: null, rating: null, actionTaken: null, note: null };
  }
}

function checkFeedback(command: ReviewCommand): void {
  if (command.action === 'complete') return;
  const fields = (['rating', 'actionTaken'] as const).filter((name) => command[name] !== undefined);
  if (fields.length === 0) return;
  throw new AppError('bad_request', `Feedback is given with "complete", not with "${command.action}".`, {
    fields: fields.map((path) => ({ path: `body.${path}`, message: 'only with action "complete"' })),
  });
}
