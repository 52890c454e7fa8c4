import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ReviewStatus, SessionEvent, SessionReview } from '#src/features/sessions/schema.ts';
import { cancelSession } from '#src/features/sessions/server/index.ts';
import { newId } from '#src/server/ids.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { rowsOf } from '#test/runs.ts';
import { finishInvestigation, insertSession, startInvestigation } from '#test/session-fixtures.ts';
import { startTestWeb, type TestWeb } from '#test/web/start-test-web.ts';
import { bulkReviewResultSchema } from '../schema.ts';
import { countTriage } from './count-triage.ts';
import { reviewSession } from './review-session.ts';

const db = useTestDatabase();
let web: TestWeb;
let projectId: string;
let headers: Record<string, string>;
let projects = 0;

beforeAll(async () => {
  web = await startTestWeb(db.database);
});
afterAll(() => web.close());
beforeEach(async () => {
  projects += 1;
  projectId = await web.project(`acme-${projects}`);
  headers = {
    authorization: `Bearer ${await web.key(projectId, 'operator')}`,
    'content-type': 'application/json',
  };
});

async function post(path: string, body: unknown) {
  const response = await fetch(`${web.url}/api/v1${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}
const get = async (path: string) => (await fetch(`${web.url}/api/v1${path}`, { headers })).json();
const review = (id: string, command: unknown) => post(`/sessions/${id}/review`, command);

async function finished(title = 'KubePodCrashLooping'): Promise<string> {
  const id = await insertSession(db.database, { projectId, title });
  await finishInvestigation(await startInvestigation(db.database), '## Root cause\nThe key is missing.');
  return id;
}
const activityOf = (sessionId: string) =>
  rowsOf<{ action: string; from_status: ReviewStatus | null; to_status: ReviewStatus | null }>(
    db.database,
    'select action, from_status, to_status from review_activity where session_id = $1 order by created_at, id',
    [sessionId],
  );
const reviewsInLog = async (sessionId: string): Promise<(SessionReview | undefined)[]> =>
  (
    await rowsOf<Pick<SessionEvent, 'type' | 'payload'>>(
      db.database,
      `select type, payload from session_event where session_id = $1 and payload ? 'review' order by seq`,
      [sessionId],
    )
  ).map((event) => z.object({ review: z.custom<SessionReview>() }).parse(event.payload).review);

describe('the review of one session', () => {
  test('an ended session needs a review, and the page hears of it with the end', async () => {
    const id = await finished();
    const session = await get(`/sessions/${id}`);
    expect(session.review).toEqual({
      status: 'needs_review',
      assignee: null,
      assignedAt: null,
      reviewedAt: null,
      rating: null,
      actionTaken: null,
      note: null,
    });
    expect(session.score).toBeNull();
    expect(await reviewsInLog(id)).toEqual([session.review]);
  });

  test('a cancelled session is reviewed, and may be reopened', async () => {
    const id = await insertSession(db.database, { projectId });
    await cancelSession(web.kernel, { projectId, sessionId: id, actor: 'ada' });
    expect((await get(`/sessions/${id}`)).review).toMatchObject({ status: 'reviewed', assignee: null });
    expect(await review(id, { action: 'reopen' })).toMatchObject({
      status: 200,
      body: { review: { status: 'needs_review', reviewedAt: null } },
    });
  });

  test('claim, complete, edit, acknowledge, reopen: state, audit and events agree', async () => {
    const id = await finished();
    const claimed = await review(id, { action: 'claim' });
    expect(claimed).toMatchObject({
      status: 200,
      body: { review: { status: 'in_progress', assignee: 'key:operator' } },
    });
    const done = await review(id, {
      action: 'complete',
      rating: 'accurate',
      actionTaken: 'Restored the key.',
      note: 'Spot on.',
    });
    expect(done.body.review).toMatchObject({
      status: 'reviewed',
      rating: 'accurate',
      actionTaken: 'Restored the key.',
      note: 'Spot on.',
      assignee: 'key:operator',
    });
    const edited = await review(id, { action: 'complete', rating: 'partially_accurate' });
    expect(edited.body.review).toEqual({ ...done.body.review, rating: 'partially_accurate' });
    const acknowledged = await review(id, { action: 'acknowledge' });
    expect(acknowledged.body.review).toMatchObject({ status: 'reviewed', rating: null, note: null });
    const reopened = await review(id, { action: 'reopen' });
    expect(reopened.body.review).toMatchObject({ status: 'needs_review', assignee: null, reviewedAt: null });
    expect(await activityOf(id)).toEqual([
      { action: 'claim', from_status: 'needs_review', to_status: 'in_progress' },
      { action: 'complete', from_status: 'in_progress', to_status: 'reviewed' },
      { action: 'complete', from_status: 'reviewed', to_status: 'reviewed' },
      { action: 'acknowledge', from_status: 'reviewed', to_status: 'reviewed' },
      { action: 'reopen', from_status: 'reviewed', to_status: 'needs_review' },
    ]);
    const logged = await reviewsInLog(id);
    expect(logged.slice(1)).toEqual(
      [claimed, done, edited, acknowledged, reopened].map((r) => r.body.review),
    );
    expect((await get(`/sessions/${id}`)).review).toEqual(logged.at(-1));
    const activity = await get(`/sessions/${id}/review`);
    expect(activity.items.map((item: { action: string }) => item.action)).toEqual([
      'reopen',
      'acknowledge',
      'complete',
      'complete',
      'claim',
    ]);
    expect(activity.items[3]).toMatchObject({ actor: 'key:operator', rating: 'accurate', note: 'Spot on.' });
  });

  test('completing without a claim assigns it', async () => {
    const id = await finished();
    const done = await review(id, { action: 'complete', rating: 'inaccurate' });
    expect(done.body.review).toMatchObject({ status: 'reviewed', assignee: 'key:operator' });
  });

  test('a claim made while it runs stays when it ends', async () => {
    const id = await insertSession(db.database, { projectId });
    const run = await startInvestigation(db.database);
    expect((await review(id, { action: 'claim' })).body.review.status).toBe('in_progress');
    expect(await review(id, { action: 'complete' })).toMatchObject({
      status: 409,
      body: { error: { code: 'conflict' } },
    });
    await finishInvestigation(run, 'Done.');
    expect((await get(`/sessions/${id}`)).review).toMatchObject({
      status: 'in_progress',
      assignee: 'key:operator',
    });
  });

  test('what a state does not allow is 409 and changes nothing', async () => {
    const id = await finished();
    for (const action of ['unclaim', 'reopen']) {
      expect((await review(id, { action })).status, action).toBe(409);
    }
    expect((await review(id, { action: 'claim', from: 'reviewed' })).status).toBe(409);
    expect(await activityOf(id)).toEqual([]);
    expect(await reviewsInLog(id)).toHaveLength(1);
  });

  test('wrong commands name the field; foreign sessions are unknown', async () => {
    const id = await finished();
    expect((await review(id, { action: 'forget' })).status).toBe(400);
    const rating = await review(id, { action: 'complete', rating: 'perfect' });
    expect(rating).toMatchObject({ status: 400 });
    expect(rating.body.error.fields[0].path).toContain('rating');
    expect((await review(newId(), { action: 'claim' })).status).toBe(404);
    expect((await fetch(`${web.url}/api/v1/sessions/${newId()}/review`, { headers })).status).toBe(404);
  });

  test('what people write is masked', async () => {
    const id = await finished();
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const done = await review(id, {
      action: 'complete',
      note: `It used ${token}.`,
      actionTaken: `Revoked ${token}`,
    });
    expect(JSON.stringify(done.body)).not.toContain(token);
    expect(done.body.review.note).toMatch(/^It used \[MASKED_/);
  });

  test('of two who claim at once from the same view one wins', async () => {
    const id = await finished();
    const claim = (actor: string) =>
      reviewSession(web.kernel, {
        projectId,
        sessionId: id,
        actor,
        command: { action: 'claim', from: 'needs_review' },
      });
    const settled = await Promise.allSettled([claim('ada'), claim('bob')]);
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await activityOf(id)).toHaveLength(1);
  });
});

test('a bulk command answers for each session', async () => {
  const first = await finished();
  const second = await finished();
  const unknown = newId();
  await review(second, { action: 'acknowledge' });
  const { status, body } = await post('/reviews', {
    sessionIds: [first, second, unknown],
    action: 'claim',
  });
  expect(status).toBe(200);
  const { results } = bulkReviewResultSchema.parse(body);
  expect(results.map(({ sessionId, review, error }) => [sessionId, review?.status ?? error?.code])).toEqual([
    [first, 'in_progress'],
    [second, 'conflict'],
    [unknown, 'not_found'],
  ]);
  const tooMany = Array.from({ length: 51 }, newId);
  expect((await post('/reviews', { sessionIds: tooMany, action: 'claim' })).status).toBe(400);
});

describe('the board', () => {
  test('counts each group, and the list filters by review, assignee, rating and score', async () => {
    const open = await finished('Open');
    const mine = await finished('Mine');
    const done = await finished('Done');
    await insertSession(db.database, { projectId, title: 'Waiting' });
    await review(mine, { action: 'claim' });
    await review(done, { action: 'complete', rating: 'accurate' });
    await db.database.pool.query('update session set score = 85 where id = $1', [done]);
    expect(await countTriage(web.kernel, { projectId })).toEqual({
      investigating: 1,
      needs_review: 1,
      in_progress: 1,
      reviewed: 1,
    });
    expect(
      await countTriage(web.kernel, { projectId, assignee: 'key:operator', rating: 'accurate' }),
    ).toEqual({
      investigating: 0,
      needs_review: 0,
      in_progress: 0,
      reviewed: 1,
    });
    const titles = async (query: string) =>
      (await get(`/sessions?${query}`)).items.map((item: { title: string }) => item.title);
    expect(await titles('review=needs_review')).toEqual(['Open']);
    expect(await titles('review=reviewed,in_progress')).toEqual(['Done', 'Mine']);
    expect(await titles('review=reviewed,needs_review&status=completed')).toEqual(['Done', 'Open']);
    expect(await titles('assignee=key:operator')).toEqual(['Done', 'Mine']);
    expect(await titles('rating=accurate')).toEqual(['Done']);
    expect(await titles('score=good')).toEqual(['Done']);
    expect(await titles('score=poor')).toEqual([]);
    expect((await titles('sort=-score'))[0]).toBe('Done');
    const firstPage = await get('/sessions?sort=-score&limit=1');
    const secondPage = await get(`/sessions?sort=-score&limit=1&cursor=${firstPage.nextCursor}`);
    expect(secondPage.items[0].id).not.toBe(done);
    expect(open).toBeTruthy();
  });
});
