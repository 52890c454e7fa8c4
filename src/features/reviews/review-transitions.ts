import type { ReviewStatus } from '#src/features/sessions/schema.ts';
import type { ReviewAction } from './schema.ts';

/** `running`: the session has not ended, so there is nothing to judge yet. */
export type ReviewState = ReviewStatus | 'running';

/**
 * The state machine of a review. A missing entry is a conflict. Claiming what somebody else holds takes it over; an
 * investigation may be claimed while it still runs. `complete` and `acknowledge` of a reviewed session change its feedback.
 */
const transitions: Record<ReviewState, Partial<Record<ReviewAction, ReviewState>>> = {
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

type Place = { status: ReviewStatus | null; ended: boolean };

/** Where a review stands for an action: what was claimed while it runs can only be claimed or given back until its end. */
export function reviewState({ status, ended }: Place, action: ReviewAction): ReviewState {
  const closes = action === 'complete' || action === 'acknowledge';
  return status === null || (!ended && closes) ? 'running' : status;
}

/** The status after an action, or undefined where the state does not allow it. */
export function nextReviewStatus(place: Place, action: ReviewAction): ReviewStatus | null | undefined {
  const to = transitions[reviewState(place, action)][action];
  if (to === undefined) return undefined;
  return to === 'running' || (to === 'needs_review' && !place.ended) ? null : to;
}
