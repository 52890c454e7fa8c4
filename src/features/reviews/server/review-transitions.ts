import type { Rating, ReviewStatus } from '#src/features/sessions/schema.ts';
import { AppError } from '#src/server/errors.ts';
import type { ReviewAction, ReviewCommand } from '../schema.ts';

/** `running`: the session has not ended, so nobody reviews it yet. */
type State = ReviewStatus | 'running';

/**
 * The state machine of a review. A missing entry is a conflict. Claiming what somebody else holds takes it over; an
 * investigation may be claimed while it still runs. `complete` and `acknowledge` of a reviewed session change its feedback.
 */
const transitions: Record<State, Partial<Record<ReviewAction, State>>> = {
  running: { claim: 'in_progress' },
  needs_review: { claim: 'in_progress', complete: 'reviewed', acknowledge: 'reviewed' },
  in_progress: {
    claim: 'in_progress',
    unclaim: 'needs_review',
    complete: 'reviewed',
    acknowledge: 'reviewed',
  },
  reviewed: { complete: 'reviewed', acknowledge: 'reviewed', reopen: 'needs_review' },
};

const words: Record<State, string> = {
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
  // A claim of a running session makes it `in_progress`; only claiming and giving back is possible until it ends.
  const closes = command.action === 'complete' || command.action === 'acknowledge';
  const state: State = review.status === null || (!ended && closes) ? 'running' : review.status;
  const to = transitions[state][command.action];
  if (!to) {
    throw new AppError('conflict', `Cannot ${command.action}: the session is ${words[state]}.`);
  }
  const status = to === 'running' || (to === 'needs_review' && !ended) ? null : to;
  return { ...after(review, command, actor), status };
}

function after(review: Review, command: ReviewCommand, actor: string): Omit<Review, 'status'> {
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
