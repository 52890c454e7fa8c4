import { expect, test } from 'vitest';
import { describeSchedule } from './describe-schedule.ts';

test.each([
  ['* * * * *', 'Every minute'],
  ['*/15 * * * *', 'Every 15 minutes'],
  ['8-59/15 * * * *', 'Every 15 minutes, from 8 past the hour'],
  ['7,22,37,52 * * * *', 'Every 15 minutes, from 7 past the hour'],
  ['0 * * * *', 'Every hour'],
  ['8 * * * *', 'Every hour at :08'],
  ['5,10,40 * * * *', 'Every hour at :05, :10 and :40'],
  ['*/15 8-17 * * 1-5', 'Every 15 minutes from 08:00 to 17:45, Monday to Friday'],
  ['0 8-17 * * *', 'Every hour from 08:00 to 17:00'],
  ['0 */4 * * 1,3,5', 'Every 4 hours, Monday, Wednesday and Friday'],
  ['30 1-23/2 * * *', 'Every 2 hours, from 01:30'],
  ['0 6 * * *', 'Every day at 06:00'],
  ['0 6,18 * * *', 'Every day at 06:00 and 18:00'],
  ['30 5 * * MON-FRI', 'Monday to Friday at 05:30'],
  ['30 5 * * 6,0', 'Saturday and Sunday at 05:30'],
  ['30 5 * * 7', 'Sunday at 05:30'],
  ['30 5 * * 0-6', 'Every day at 05:30'],
  ['0 0 1 1 *', 'On 1 January every year at 00:00'],
  ['0 6 1,22 * *', 'On the 1st and 22nd of every month at 06:00'],
  ['0 6 13 jan,jul *', 'On the 13th of January and July at 06:00'],
  ['0 6 * 12 1', 'Monday in December at 06:00'],
  [' 0  6 * * * ', 'Every day at 06:00'],
])('%s is said as "%s"', (schedule, words) => {
  expect(describeSchedule(schedule)).toBe(words);
});

test.each(['3 6 1 * 1', '0 6 L * *', '1,2,3,5,8,13 * * * *', '0 6 * * 5#2', '5,7 8-17 * * *'])(
  '%s, which has no short words, still gets some',
  (schedule) => {
    expect(describeSchedule(schedule)).toMatch(/^\w.{5,}/);
  },
);
