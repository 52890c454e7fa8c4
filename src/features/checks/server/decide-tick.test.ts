import { expect, test } from 'vitest';
import { type CheckProgress, decideTick, describeMissed, scheduleKey } from './decide-tick.ts';

const check = { schedule: '0 6 * * *', timezone: 'Europe/Berlin', enabled: true };
const since = (lastDueAt: string, changes: Partial<CheckProgress> = {}): CheckProgress => ({
  schedule: scheduleKey(check),
  lastDueAt: new Date(lastDueAt),
  paused: false,
  waitingRunId: null,
  ...changes,
});
const decide = (progress: CheckProgress | null, now: string, changes: object = {}) =>
  decideTick({ check: { ...check, ...changes }, progress, now: new Date(now) });

const YESTERDAY = '2026-01-09T05:00:00Z';
const ON_TIME = '2026-01-10T05:00:02Z';

test('a new check, and one with another schedule or zone, begins now and catches nothing up', () => {
  expect(decide(null, ON_TIME)).toEqual({ kind: 'begin', schedule: '0 6 * * * Europe/Berlin' });
  expect(decide(since(YESTERDAY), ON_TIME, { timezone: 'UTC' }).kind).toBe('begin');
});

test('a check that is turned off begins once, and again when it is turned on', () => {
  expect(decide(since(YESTERDAY), ON_TIME, { enabled: false })).toEqual({ kind: 'begin', schedule: 'off' });
  expect(decide(since(YESTERDAY, { schedule: 'off' }), ON_TIME, { enabled: false }).kind).toBe('nothing');
  expect(decide(since(YESTERDAY, { schedule: 'off' }), ON_TIME).kind).toBe('begin');
});

test('a tick is taken when it has come, and not before', () => {
  expect(decide(since(YESTERDAY), '2026-01-10T04:59:59Z').kind).toBe('nothing');
  const dueAt = new Date('2026-01-10T05:00:00Z');
  expect(decide(since(YESTERDAY), ON_TIME)).toEqual({ kind: 'take', dueAt, trigger: 'schedule', missed: 0 });
});

test('after days without a worker one run catches up, and says what was missed', () => {
  const decision = decide(since('2026-01-05T05:00:00Z'), '2026-01-10T11:30:00Z');
  const dueAt = new Date('2026-01-10T05:00:00Z');
  expect(decision).toEqual({ kind: 'take', dueAt, trigger: 'catch_up', missed: 4 });
});

test('over the change of clocks: an hour earlier in UTC', () => {
  const dueAt = new Date('2026-03-29T04:00:00Z');
  const decision = decide(since('2026-03-28T05:00:00Z'), '2026-03-29T04:00:01Z');
  expect(decision).toEqual({ kind: 'take', dueAt, trigger: 'schedule', missed: 0 });
});

test('a paused check is left alone', () => {
  expect(decide(since(YESTERDAY, { paused: true, waitingRunId: 'r' }), ON_TIME).kind).toBe('nothing');
});

test('a run that waits for the queue is tried again until the next tick, which takes its place', () => {
  const waiting = since('2026-01-10T05:00:00Z', { waitingRunId: 'r' });
  expect(decide(waiting, '2026-01-10T09:00:00Z')).toEqual({ kind: 'retry', runId: 'r' });
  expect(decide(waiting, '2026-01-11T05:00:00Z')).toMatchObject({ kind: 'take', missed: 0 });
});

test('missed runs in words', () => {
  expect(describeMissed(0)).toBeNull();
  expect(describeMissed(1)).toBe('1 earlier run was missed while no worker ran');
  expect(describeMissed(1_000)).toContain('more than 1000');
});
