import { expect, test } from 'vitest';
import { decideNews, type EarlierOutcome } from './decide-news.ts';

const monday = new Date('2026-01-05T06:00:00Z');
const tuesday = new Date('2026-01-06T06:00:00Z');
const found = (...keys: string[]) => ({ outcome: 'findings' as const, keys });
const healthy = { outcome: 'healthy' as const, keys: [] };
const unknown = { outcome: 'unknown' as const, keys: [] };
const on = (
  since: Date,
  outcome: typeof healthy | typeof unknown | ReturnType<typeof found>,
): EarlierOutcome => ({
  ...outcome,
  since,
});
const decide = (
  current: Parameters<typeof decideNews>[0]['current'],
  last: EarlierOutcome | null,
  lastKnown: EarlierOutcome | null = last?.outcome === 'unknown' ? null : last,
) => decideNews({ rule: 'findings', current, last, lastKnown });

test('a first run tells of findings and of blindness, not of health', () => {
  expect(decide(found('a'), null)).toEqual({ since: null, isNews: true, notify: true });
  expect(decide(unknown, null).notify).toBe(true);
  expect(decide(healthy, null)).toEqual({ since: null, isNews: false, notify: false });
});

test('the same findings, in whatever order, are unchanged since they came', () => {
  expect(decide(found('b', 'a'), on(monday, found('a', 'b')))).toEqual({
    since: monday,
    isNews: false,
    notify: false,
  });
});

test.each([
  ['one more', found('a', 'b'), found('a')],
  ['one less', found('a'), found('a', 'b')],
  ['another', found('b'), found('a')],
  ['after health', found('a'), healthy],
])('%s is told', (_name, current, before) => {
  expect(decide(current, on(monday, before))).toEqual({ since: null, isNews: true, notify: true });
});

test('a recovery is told once', () => {
  expect(decide(healthy, on(monday, found('a')))).toEqual({ since: null, isNews: true, notify: true });
  expect(decide(healthy, on(monday, healthy))).toEqual({ since: monday, isNews: false, notify: false });
});

test('a run that could not see is told once, and hides neither the findings before it nor their end', () => {
  const blind = on(tuesday, unknown);
  const before = on(monday, found('a'));
  expect(decide(unknown, before).notify).toBe(true);
  expect(decide(unknown, blind, before)).toEqual({ since: tuesday, isNews: false, notify: false });
  expect(decide(found('a'), blind, before)).toEqual({ since: monday, isNews: false, notify: false });
  expect(decide(healthy, blind, before).notify).toBe(true);
});

test('"always" and "never" are meant so', () => {
  const before = { last: on(monday, healthy), lastKnown: on(monday, healthy) };
  expect(decideNews({ rule: 'always', current: healthy, ...before })).toMatchObject({
    isNews: false,
    notify: true,
  });
  expect(decideNews({ rule: 'never', current: found('a'), ...before })).toMatchObject({
    isNews: true,
    notify: false,
  });
});
