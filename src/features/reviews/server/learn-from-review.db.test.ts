import { expect, test } from 'vitest';
import { sentText, useAgentRuns } from '#test/agent-runs.ts';
import { rowsOf, waitFor } from '#test/runs.ts';
import type { ReviewCommand } from '../schema.ts';
import { reviewSession } from './review-session.ts';

const runs = useAgentRuns();

const review = (sessionId: string, command: ReviewCommand) =>
  reviewSession(runs.kernel, { projectId: runs.projectId, sessionId, actor: 'ada', command });
const reflections = (sessionId: string) =>
  rowsOf<{ status: string; author: string }>(
    runs.database,
    `select status, author from follow_up where session_id = $1 and kind = 'reflection' order by arrival`,
    [sessionId],
  );
const learned = (sessionId: string, count: number) =>
  waitFor(async () => {
    const done = (await reflections(sessionId)).filter(({ status }) => status === 'completed');
    return done.length === count ? true : null;
  }, `${count} reflections did not end`);
const memories = () =>
  rowsOf<{ content: string; confidence: number; out: boolean }>(
    runs.database,
    'select content, confidence, deprecated_at is not null as out from memory order by created_at, id',
  );

test('what a person says about an investigation is learned from; the rating counts at once', async () => {
  const run = await runs.run({ script: ['The key was missing.'], alert: { title: 'Checkout pods crash' } });
  runs.model.setScript([
    '{"create": [{"content": "Checkout keys are rotated by hand.", "confidence": 0.5}]}',
    '{"create": []}',
    '{"create": []}',
  ]);
  await review(run.sessionId, { action: 'claim' });
  await review(run.sessionId, {
    action: 'complete',
    rating: 'partially_accurate',
    note: 'It is rotated by hand.',
  });
  await learned(run.sessionId, 1);
  const request = sentText(runs.model.requests.at(-1));
  expect(request).toContain("BEGIN DATA: person's feedback");
  expect(request).toContain('Feedback: It is rotated by hand.');
  expect(await memories()).toEqual([
    { content: 'Checkout keys are rotated by hand.', confidence: 0.5, out: false },
  ]);

  // The same again is no news.
  await review(run.sessionId, { action: 'complete', rating: 'partially_accurate' });
  await review(run.sessionId, { action: 'complete', rating: 'inaccurate' });
  expect(await memories()).toMatchObject([{ out: true }]);
  await review(run.sessionId, { action: 'complete', rating: 'accurate' });
  expect(await memories()).toMatchObject([{ out: false, confidence: expect.closeTo(0.6) }]);
  await review(run.sessionId, { action: 'acknowledge' });
  expect(await memories()).toMatchObject([{ out: false, confidence: expect.closeTo(0.5) }]);
  await learned(run.sessionId, 3);
  expect((await reflections(run.sessionId)).map(({ author }) => author)).toEqual(['ada', 'ada', 'ada']);
});
