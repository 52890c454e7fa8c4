import type { Command } from 'commander';
import { z } from 'zod';
import { reviewCommandSchema } from '#src/features/reviews/schema.ts';
import { requestedScoreSchema } from '#src/features/scores/schema.ts';
import { sessionReviewSchema } from '#src/features/sessions/schema.ts';
import { idSchema } from '#src/server/ids.ts';
import { addConnectionOptions, type ConnectionOptions, connect } from '../connect.ts';
import { createOutput } from '../output.ts';
import { parseArgument } from '../parse-argument.ts';

type ReviewOptions = ConnectionOptions & { rating?: string; action?: string; note?: string };

const sessionId = (value: string) => parseArgument(idSchema, value, 'session id');

/** `session review` and `session score`, over the REST API. */
export function addReviewCommands(session: Command): void {
  const review = session
    .command('review')
    .description('judge an investigation: claim, unclaim, complete, reopen or acknowledge')
    .argument('<id>', 'session id', sessionId)
    .argument('<step>', 'what to do')
    .option('--rating <rating>', 'with complete: accurate, partially_accurate or inaccurate')
    .option('--action <text>', 'with complete: what was done about the problem')
    .option('--note <text>', 'what was right, wrong or missing');
  addConnectionOptions(review).action(async (id: string, step: string, options: ReviewOptions) => {
    const command = parseArgument(reviewCommandSchema, {
      action: step,
      rating: options.rating,
      actionTaken: options.action,
      note: options.note,
    });
    const api = await connect(options);
    const result = await api.post(
      `/sessions/${id}/review`,
      command,
      z.object({ review: sessionReviewSchema }),
    );
    const { status, assignee, rating } = result.review;
    const by = assignee ? ` by ${assignee}` : '';
    createOutput({ json: options.json ?? false }).result(result, [
      `The review is ${(status ?? 'open').replaceAll('_', ' ')}${by}${rating ? `: ${rating.replaceAll('_', ' ')}` : ''}.`,
    ]);
  });

  const score = session
    .command('score')
    .description('have an ended investigation scored by the judge, also once more')
    .argument('<id>', 'session id', sessionId);
  addConnectionOptions(score).action(async (id: string, options: ConnectionOptions) => {
    const api = await connect(options);
    const result = await api.post(`/sessions/${id}/score`, {}, requestedScoreSchema);
    createOutput({ json: options.json ?? false }).result(result, [
      `The scoring has begun; see: tars session show ${id}`,
    ]);
  });
}
