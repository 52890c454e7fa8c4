import { isTerminal, type SessionListItem, type SessionReview } from '#src/features/sessions/schema.ts';
import { nextReviewStatus } from '../../review-transitions.ts';
import type { ReviewCommand } from '../../schema.ts';

/** What a command will make of a session's review; undefined when its state does not allow the command. */
export function expectReview(
  session: Pick<SessionListItem, 'status' | 'review'>,
  command: ReviewCommand,
  actor: string,
): SessionReview | undefined {
  const { review } = session;
  const ended = isTerminal(session.status);
  const status = nextReviewStatus({ status: review.status, ended }, command.action);
  if (status === undefined) return undefined;
  switch (command.action) {
    case 'claim':
      return { ...review, status, assignee: actor };
    case 'unclaim':
      return { ...review, status, assignee: null };
    case 'acknowledge':
      return { ...review, status, assignee: review.assignee ?? actor, rating: null };
    case 'complete':
      return {
        ...review,
        status,
        assignee: review.assignee ?? actor,
        rating: command.rating ?? review.rating,
      };
    case 'reopen':
      return { ...review, status, assignee: null, rating: null };
  }
}
