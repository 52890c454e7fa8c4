import { expect, test } from 'vitest';
import { decisionSchema } from '../schema.ts';
import { type DecisionMode, decisionOf } from './decision-modes.ts';

const fields = { scope: 'session' as const, words: 'because', iterations: 7 };

test.each<[DecisionMode, ReturnType<typeof decisionOf>]>([
  ['approve', { decision: 'approve', scope: 'session' }],
  ['approve-session', { decision: 'approve', scope: 'session' }],
  ['answer', { decision: 'approve', answer: 'because' }],
  ['deny', { decision: 'deny', reason: 'because' }],
  ['decline', { decision: 'deny', reason: 'because' }],
  ['continue', { decision: 'continue', iterations: 7 }],
  ['conclude', { decision: 'conclude', reason: 'because' }],
  ['cancel', { decision: 'cancel', reason: 'because' }],
])('%s sends what the server takes', (mode, decision) => {
  expect(decisionOf(mode, fields)).toEqual(decision);
  expect(decisionSchema.safeParse(decision).success).toBe(true);
});

test('no words, no reason', () => {
  expect(decisionOf('conclude', { ...fields, words: '' })).toEqual({ decision: 'conclude' });
});
