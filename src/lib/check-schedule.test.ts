import { describe, expect, test } from 'vitest';
import { countTicks, latestTick, MAX_MISSED_TICKS, nextTick, whyNoSchedule } from './check-schedule.ts';

const berlin = (schedule: string) => ({ schedule, timezone: 'Europe/Berlin' });
const at = (text: string) => new Date(text);
const latest = (schedule: string, after: string, now: string) =>
  latestTick(berlin(schedule), { after: at(after), now: at(now) })?.toISOString() ?? null;

describe('whyNoSchedule', () => {
  test.each([
    ['* * * * * *', 'every minute at most'],
    ['hello', 'five cron fields'],
    ['', 'five cron fields'],
    ['@daily', 'five cron fields'],
    ['61 * * * *', 'Invalid value for minute: 61'],
    ['0 0 30 2 *', 'due at some time'],
  ])('%s is refused', (schedule, expected) => {
    const why = whyNoSchedule({ schedule, timezone: 'UTC' });
    expect(why?.field).toBe('schedule');
    expect(why?.expected).toContain(expected);
  });

  test('an unknown time zone is refused', () => {
    expect(whyNoSchedule({ schedule: '0 6 * * *', timezone: 'Europe/Mars' })?.field).toBe('timezone');
  });

  test.each(['* * * * *', '*/15 8-18 * * MON-FRI', '0 6 1,15 * *', ' 0  6 * * * '])(
    '%s is fine',
    (schedule) => {
      expect(whyNoSchedule({ schedule, timezone: 'America/New_York' })).toBeNull();
    },
  );
});

describe('ticks', () => {
  test('a tick is over from its own moment on, and only once', () => {
    expect(latest('0 6 * * *', '2026-01-09T05:00:00Z', '2026-01-10T04:59:59.999Z')).toBeNull();
    expect(latest('0 6 * * *', '2026-01-09T05:00:00Z', '2026-01-10T05:00:00Z')).toBe(
      '2026-01-10T05:00:00.000Z',
    );
    expect(latest('0 6 * * *', '2026-01-10T05:00:00Z', '2026-01-10T05:00:01Z')).toBeNull();
  });

  test('after downtime only the newest counts, and the others are counted', () => {
    const after = '2026-01-01T05:00:00Z';
    const now = '2026-01-10T12:00:00Z';
    const due = latest('0 6 * * *', after, now);
    expect(due).toBe('2026-01-10T05:00:00.000Z');
    expect(countTicks(berlin('0 6 * * *'), { after: at(after), before: at(due ?? now) })).toBe(8);
    expect(countTicks(berlin('* * * * *'), { after: at(after), before: at(now) })).toBe(MAX_MISSED_TICKS);
  });

  test('six in the morning is an hour earlier in UTC in summer', () => {
    expect(nextTick(berlin('0 6 * * *'), at('2026-03-28T12:00:00Z'))?.toISOString()).toBe(
      '2026-03-29T04:00:00.000Z',
    );
    expect(nextTick(berlin('0 6 * * *'), at('2026-10-24T12:00:00Z'))?.toISOString()).toBe(
      '2026-10-25T05:00:00.000Z',
    );
  });

  test('half past two, which spring leaves out, is due right after the change; in autumn it is due once', () => {
    expect(latest('30 2 * * *', '2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z')).toBe(
      '2026-03-29T01:00:00.000Z',
    );
    const over = { after: at('2026-10-24T12:00:00Z'), before: at('2026-10-25T12:00:00Z') };
    expect(countTicks(berlin('30 2 * * *'), over)).toBe(1);
  });

  test('each hour comes, also the one that autumn repeats', () => {
    const over = { after: at('2026-10-24T21:59:00Z'), before: at('2026-10-25T22:30:00Z') };
    expect(countTicks(berlin('0 * * * *'), over)).toBe(25);
  });
});
