import { expect, test } from 'vitest';
import { decideRetry } from './decide-retry.ts';
import { classifySlackError, type SlackFailure } from './slack/classify-slack-error.ts';
import { mentionsFingerprint } from './slack/match-fingerprint.ts';

const failure = (kind: SlackFailure['kind'], retryAfterMs?: number): SlackFailure => ({
  kind,
  message: 'why',
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
const HOUR_MS = 3_600_000;

test.each([
  ['a refusal is final', failure('refused'), { next: 'give_up', reason: 'why' }],
  ['an outage is left to the queue', failure('unavailable'), { next: 'throw' }],
  ['so is an unknown outcome', failure('unknown'), { next: 'throw' }],
  ['Slack says when to come back', failure('rate_limited', 1_000), { next: 'later', afterMs: 1_000 }],
  ['within bounds', failure('rate_limited', 99 * HOUR_MS), { next: 'later', afterMs: HOUR_MS / 4 }],
])('%s', (_name, given, expected) => {
  expect(decideRetry({ failure: given, isLastAttempt: false, ageMs: 0 })).toEqual(expected);
});

test('the last attempt and old age end it', () => {
  const late = { isLastAttempt: true, ageMs: 0 };
  expect(decideRetry({ failure: failure('unknown'), ...late })).toEqual({ next: 'give_up', reason: 'why' });
  expect(decideRetry({ failure: failure('rate_limited'), ...late })).toMatchObject({ next: 'later' });
  const old = decideRetry({ failure: failure('rate_limited'), isLastAttempt: false, ageMs: 7 * HOUR_MS });
  expect(old).toEqual({ next: 'give_up', reason: 'too old to be sent any more: why' });
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
  [true, { blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '*abc-1*' } }] }],
  [true, { text: 'abc-12 and then abc-1' }],
  [false, { text: 'abc-12 xabc-1' }],
  [false, { attachments: [{ id: 'abc-1', color: 'abc-1' }] }],
  [false, {}],
])('names the fingerprint: %s %j', (expected, message) => {
  expect(mentionsFingerprint({ ts: '1', ...message }, ' abc-1 ')).toBe(expected);
});
