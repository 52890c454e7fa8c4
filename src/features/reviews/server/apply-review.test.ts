import { expect, test } from 'vitest';
import type { ReviewStatus } from '#src/features/sessions/schema.ts';
import { AppError } from '#src/server/errors.ts';
import { type ReviewCommand, reviewActions } from '../schema.ts';
import { applyReview, type Review } from './apply-review.ts';

const review = (changes: Partial<Review> = {}): Review => ({
  status: 'needs_review',
  assignee: null,
  rating: null,
  actionTaken: null,
  note: null,
  ...changes,
});
const rated = review({
  status: 'reviewed',
  assignee: 'ada',
  rating: 'accurate',
  actionTaken: 'Restored the key.',
  note: 'Good.',
});
const apply = (from: Review, command: ReviewCommand, ended = true) =>
  applyReview(from, { command, actor: 'bob', ended });

test('the table: what each action makes of each state', () => {
  const outcome = (status: ReviewStatus | null, action: (typeof reviewActions)[number]) => {
    try {
      return apply(review({ status }), { action }, status !== null).status;
    } catch (error) {
      if (error instanceof AppError) return error.code;
      throw error;
    }
  };
  const table = Object.fromEntries(
    ([null, 'needs_review', 'in_progress', 'reviewed'] as const).map((status) => [
      String(status),
      reviewActions.map((action) => outcome(status, action)),
    ]),
  );
  //                    claim          unclaim         complete    reopen          acknowledge
  expect(table).toEqual({
    null: ['in_progress', 'conflict', 'conflict', 'conflict', 'conflict'],
    needs_review: ['in_progress', 'conflict', 'reviewed', 'conflict', 'reviewed'],
    in_progress: ['in_progress', 'needs_review', 'reviewed', 'conflict', 'reviewed'],
    reviewed: ['conflict', 'conflict', 'reviewed', 'needs_review', 'reviewed'],
  });
});

test('a claim takes over, giving back leaves nobody', () => {
  const claimed = apply(review({ status: 'in_progress', assignee: 'ada' }), { action: 'claim' });
  expect(claimed).toMatchObject({ status: 'in_progress', assignee: 'bob' });
  expect(apply(claimed, { action: 'unclaim' })).toEqual(review());
});

test('what was claimed while it ran can be given back, and closed only after its end', () => {
  const claimed = apply(review({ status: null }), { action: 'claim' }, false);
  expect(claimed).toMatchObject({ status: 'in_progress', assignee: 'bob' });
  expect(apply(claimed, { action: 'unclaim' }, false).status).toBeNull();
  expect(() => apply(claimed, { action: 'complete', rating: 'accurate' }, false)).toThrow(/still running/);
  expect(apply(claimed, { action: 'complete', rating: 'accurate' }).status).toBe('reviewed');
});

test('completing unclaimed work assigns it to whoever completes it', () => {
  const done = apply(review(), { action: 'complete', rating: 'inaccurate', note: 'It was DNS.' });
  expect(done).toMatchObject({
    status: 'reviewed',
    assignee: 'bob',
    rating: 'inaccurate',
    note: 'It was DNS.',
  });
});

test('feedback can be changed in part, and a rating be withdrawn and given again', () => {
  const edited = apply(rated, { action: 'complete', note: 'Very good.' });
  expect(edited).toEqual({ ...rated, note: 'Very good.' });
  const acknowledged = apply(edited, { action: 'acknowledge' });
  expect(acknowledged).toEqual({ ...rated, rating: null, actionTaken: null, note: null });
  expect(apply(acknowledged, { action: 'complete', rating: 'partially_accurate' }).rating).toBe(
    'partially_accurate',
  );
});

test('reopening forgets who it was and what they said', () => {
  expect(apply(rated, { action: 'reopen' })).toEqual(review());
});

test('a command that was meant for another state is refused, and says what is', () => {
  const taken = review({ status: 'in_progress', assignee: 'ada' });
  expect(() => apply(taken, { action: 'claim', from: 'needs_review' })).toThrow(
    'Meanwhile it is being reviewed (ada).',
  );
  expect(apply(taken, { action: 'claim', from: 'in_progress' }).assignee).toBe('bob');
});

test('feedback with an action that takes none is a mistake', () => {
  expect(() => apply(review(), { action: 'claim', rating: 'accurate' })).toThrow(/not with "claim"/);
});
