import { expect, test } from 'vitest';
import type { Pause } from '#src/features/approvals/server/index.ts';
import { type IterationLimit, iterationLimit } from './iteration-limit.ts';

const pause = (status: Pause['status'], change: Partial<Pause> = {}): Pause => ({
  status,
  atIterations: 3,
  granted: null,
  decidedBy: 'ana',
  reason: null,
  ...change,
});
const concludes = (reason: string): IterationLimit['atLimit'] => ({ action: 'conclude', reason });

test.each<[string, 'conclude' | 'pause', Pause[], IterationLimit]>([
  [
    'by default it concludes',
    'conclude',
    [],
    { allowed: 3, atLimit: concludes('The limit of 3 iterations is reached.') },
  ],
  ['it asks', 'pause', [], { allowed: 3, atLimit: { action: 'ask' } }],
  ['it has asked', 'pause', [pause('pending')], { allowed: 3, atLimit: { action: 'wait' } }],
  [
    'it may go on, and asks again at the new limit',
    'pause',
    [pause('approved', { granted: 5 })],
    { allowed: 8, atLimit: { action: 'ask' } },
  ],
  [
    'it has asked a second time',
    'pause',
    [pause('approved', { granted: 5 }), pause('pending', { atIterations: 8 })],
    { allowed: 8, atLimit: { action: 'wait' } },
  ],
  [
    'allowances add up',
    'pause',
    [pause('approved', { granted: 5 }), pause('approved', { atIterations: 8, granted: 2 })],
    { allowed: 10, atLimit: { action: 'ask' } },
  ],
  [
    'somebody wants the conclusion',
    'pause',
    [pause('approved', { granted: 5 }), pause('denied', { atIterations: 8, reason: 'enough' })],
    {
      allowed: 8,
      atLimit: concludes('ana asked for the conclusion after 8 iterations. Reason given: enough'),
    },
  ],
  [
    'nobody decided',
    'pause',
    [pause('expired', { decidedBy: null })],
    { allowed: 3, atLimit: concludes('Nobody decided in time whether to go on after 3 iterations.') },
  ],
  ['it is being cancelled', 'pause', [pause('cancelled')], { allowed: 3, atLimit: { action: 'wait' } }],
])('%s', (_what, onIterationLimit, pauses, expected) => {
  expect(iterationLimit({ maxIterations: 3, onIterationLimit }, pauses)).toEqual(expected);
});

test('the words of a person refer to nothing in the name of TARS', () => {
  const { atLimit } = iterationLimit({ maxIterations: 3, onIterationLimit: 'pause' }, [
    pause('denied', { reason: 'Enough [tool: a].' }),
  ]);
  expect(JSON.stringify(atLimit)).toContain('Enough');
  expect(JSON.stringify(atLimit)).not.toContain('[tool: a]');
});
