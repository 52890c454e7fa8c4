import { expect, test } from 'vitest';
import { describeRun, lookOf } from './describe-run.ts';

const run: Parameters<typeof describeRun>[0] = {
  status: 'ended',
  outcome: null,
  reason: null,
  summary: null,
  findings: [],
};

test('a run in words', () => {
  const findings = [{ key: 'a', text: 'A' }];
  expect(describeRun({ ...run, outcome: 'findings', summary: 'A is down', findings })).toBe(
    '1 finding: A is down',
  );
  expect(describeRun({ ...run, outcome: 'healthy', summary: 'All is well' })).toBe('Healthy: All is well');
  expect(describeRun({ ...run, status: 'skipped', reason: 'the queue was full' })).toBe(
    'Skipped: the queue was full',
  );
  expect(describeRun({ ...run, reason: 'cancelled by ada' })).toBe('Cancelled: cancelled by ada');
  expect(describeRun({ ...run, status: 'started' })).toBe('Running');
});

test('no two of them look alike', () => {
  const icons = [
    ...(['healthy', 'findings', 'unknown'] as const).map((outcome) => lookOf({ ...run, outcome }).icon),
    ...(['waiting', 'started', 'skipped', 'ended'] as const).map((status) => lookOf({ ...run, status }).icon),
  ];
  expect(new Set(icons).size).toBe(icons.length);
});
