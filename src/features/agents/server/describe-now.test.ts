import { expect, test } from 'vitest';
import { describeNow } from './describe-now.ts';

const calendar = (timezone = 'UTC') => ({
  timezone,
  holidays: [
    { date: '05-01', name: 'Labour Day' },
    { date: '2026-04-06', name: 'Easter Monday' },
  ],
});

test.each([
  ['2026-11-27T02:10:00Z', 'UTC', 'in UTC Friday 02:10, a working day'],
  ['2026-11-27T23:30:00Z', 'Europe/Berlin', 'in Europe/Berlin Saturday 00:30, a weekend'],
  ['2026-11-30T03:00:00Z', 'America/Los_Angeles', 'in America/Los_Angeles Sunday 19:00, a weekend'],
  ['2026-05-01T12:00:00Z', 'UTC', 'in UTC Friday 12:00, a holiday (Labour Day)'],
  ['2027-05-01T12:00:00Z', 'UTC', 'in UTC Saturday 12:00, a holiday (Labour Day)'],
  ['2026-04-06T12:00:00Z', 'UTC', 'in UTC Monday 12:00, a holiday (Easter Monday)'],
  ['2027-04-06T12:00:00Z', 'UTC', 'in UTC Tuesday 12:00, a working day'],
])('%s in %s', (iso, timezone, words) => {
  expect(describeNow(new Date(iso), calendar(timezone))).toContain(words);
});
