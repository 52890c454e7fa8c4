import { expect, test } from 'vitest';
import { decideRetry } from './decide-retry.ts';
import { classifyAnswer } from './destination/classify-answer.ts';
import type { DeliveryFailure } from './destination/delivery-error.ts';
import { mentionsFingerprint } from './destination/match-fingerprint.ts';
import { classifySlackError } from './slack/classify-slack-error.ts';

const failure = (kind: DeliveryFailure['kind'], retryAfterMs?: number): DeliveryFailure => ({
  kind,
  message: 'why',
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
const HOUR_MS = 3_600_000;
const first = { isLastAttempt: false, attempts: 1, ageMs: 0 };

test.each([
  ['a refusal is final', failure('refused'), { next: 'give_up', reason: 'why' }],
  ['an outage is left to the queue', failure('unavailable'), { next: 'throw' }],
  ['so is an unknown outcome', failure('unknown'), { next: 'throw' }],
  ['unless a time is named', failure('unknown', 2_000), { next: 'later', afterMs: 2_000 }],
  ['a limit says when to come back', failure('rate_limited', 1_000), { next: 'later', afterMs: 1_000 }],
  ['within bounds', failure('rate_limited', 99 * HOUR_MS), { next: 'later', afterMs: HOUR_MS / 4 }],
  ['or not', failure('rate_limited'), { next: 'later', afterMs: 30_000 }],
])('%s', (_name, given, expected) => {
  expect(decideRetry({ failure: given, ...first })).toEqual(expected);
});

test('the last attempt and old age end it', () => {
  const late = { ...first, isLastAttempt: true };
  expect(decideRetry({ failure: failure('unknown'), ...late })).toEqual({ next: 'give_up', reason: 'why' });
  expect(decideRetry({ failure: failure('rate_limited'), ...late })).toMatchObject({ next: 'later' });
  const old = decideRetry({ failure: failure('rate_limited'), ...first, ageMs: 7 * HOUR_MS });
  expect(old).toEqual({ next: 'give_up', reason: 'too old to be sent any more: why' });
});

test('who has put a message off too often is treated as an outage', () => {
  const often = { failure: failure('rate_limited', 1_000), attempts: 60, ageMs: 0 };
  expect(decideRetry({ ...often, isLastAttempt: false })).toEqual({ next: 'throw' });
  expect(decideRetry({ ...often, isLastAttempt: true })).toEqual({ next: 'give_up', reason: 'why' });
});

const answered = (status: number, retryAfter: string | null = null, said = '') =>
  classifyAnswer({ service: 'Chat', status, retryAfter, said, nowMs: Date.parse('2026-11-27T08:00:00Z') });

test.each([
  [429, '7', { kind: 'rate_limited', message: 'Chat asks to wait (rate limit)', retryAfterMs: 7_000 }],
  [429, 'Fri, 27 Nov 2026 08:00:30 GMT', { kind: 'rate_limited', retryAfterMs: 30_000 }],
  [503, '9', { kind: 'unknown', message: 'Chat answered with HTTP 503', retryAfterMs: 9_000 }],
  [500, 'soon', { kind: 'unknown' }],
  [408, null, { kind: 'unknown' }],
  [302, null, { kind: 'refused' }],
  [404, null, { kind: 'refused' }],
])('HTTP %s with Retry-After %s', (status, retryAfter, expected) => {
  expect(answered(status, retryAfter)).toMatchObject(expected);
});

test('the reason that a service gives is passed on', () => {
  expect(answered(403, null, 'not a member').message).toBe('Chat answered with HTTP 403: not a member');
});

test('what broke below is what a person reads', () => {
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  expect(classifySlackError(new Error('fetch failed', { cause: refused }))).toEqual({
    kind: 'unavailable',
    message: 'Slack cannot be reached: ECONNREFUSED',
  });
  const timeout = new Error('request failed', { cause: new Error('timed out') });
  expect(classifySlackError(timeout)).toEqual({
    kind: 'unknown',
    message: 'Slack cannot be reached: timed out',
  });
});

test.each([
  [true, { text: 'alert ABC-1 fires' }],
  [true, { text: 'x', attachments: [{ fields: [{ value: 'key:\n abc-1, more' }] }] }],
  [true, { message: '**abc-1**', attachments: undefined }],
  [true, { blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '*abc-1*' } }] }],
  [true, { text: 'abc-12 and then abc-1' }],
  [false, { text: 'abc-12 xabc-1' }],
  [false, { attachments: [{ id: 'abc-1', color: 'abc-1' }] }],
  [false, {}],
])('names the fingerprint: %s %j', (expected, message) => {
  expect(mentionsFingerprint({ ts: '1', ...message }, ' abc-1 ')).toBe(expected);
});
