import { adjustForRating, scheduleReflection } from '#src/features/memories/server/index.ts';
import type { Transaction } from '#src/server/db/database.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { ReviewCommand } from '../schema.ts';
import type { Review } from './apply-review.ts';

/**
 * A rating changes how far memories are trusted, at once; what a person writes is read by whoever keeps the memory, later.
 * Through the review's transaction.
 */
export async function learnFromReview(
  kernel: Kernel,
  sql: Transaction,
  options: { sessionId: string; actor: string; command: ReviewCommand; before: Review; review: Review },
): Promise<void> {
  const { sessionId, actor, command, before, review } = options;
  if (review.rating !== before.rating) await adjustForRating(sql, { sessionId, rating: review.rating });
  const isNews =
    review.rating !== before.rating ||
    review.note !== before.note ||
    review.actionTaken !== before.actionTaken;
  if (command.action !== 'complete' || !isNews) return;
  await scheduleReflection(kernel, sql, { sessionId, author: actor, cause: 'review' });
}
