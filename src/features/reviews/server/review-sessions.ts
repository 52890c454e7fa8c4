import { AppError } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { BulkReviewResult, ReviewCommand } from '../schema.ts';
import { reviewSession } from './review-session.ts';

/**
 * The same command for several sessions, each on its own: one that refuses keeps none of the others back. Repeated ids
 * count once.
 */
export async function reviewSessions(
  kernel: Kernel,
  options: { projectId: string; sessionIds: readonly string[]; actor: string; command: ReviewCommand },
): Promise<BulkReviewResult> {
  const { sessionIds, ...rest } = options;
  const results: BulkReviewResult['results'] = [];
  for (const sessionId of new Set(sessionIds)) {
    try {
      results.push({ sessionId, review: await reviewSession(kernel, { ...rest, sessionId }), error: null });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      results.push({ sessionId, review: null, error: { code: error.code, message: error.message } });
    }
  }
  return { results };
}
