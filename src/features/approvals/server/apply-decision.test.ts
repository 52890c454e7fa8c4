import { describe, expect, test } from 'vitest';
import { AppError } from '#src/server/errors.ts';
import { decisionSchema } from '../schema.ts';
import { assertFits, settlementOf } from './apply-decision.ts';

const parse = (input: Record<string, unknown>) => decisionSchema.parse(input);
const wrongField = (kind: Parameters<typeof assertFits>[0], input: Record<string, unknown>) => {
  try {
    assertFits(kind, parse(input));
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.fields?.[0] ?? null;
  }
};

describe('each kind of request has decisions of its own', () => {
  test.each([
    ['tool', { decision: 'approve', scope: 'session' }],
    ['tool', { decision: 'deny', reason: 'no' }],
    ['question', { decision: 'approve', answer: 'yes' }],
    ['question', { decision: 'deny' }],
    ['pause', { decision: 'continue' }],
    ['pause', { decision: 'continue', iterations: 5 }],
    ['pause', { decision: 'conclude', reason: 'enough' }],
    ['pause', { decision: 'cancel' }],
  ] as const)('%s: %o fits', (kind, input) => {
    expect(wrongField(kind, input)).toBeNull();
  });

  test.each([
    ['tool', { decision: 'continue' }, 'decision', 'This is a tool call: decide "approve" or "deny".'],
    [
      'pause',
      { decision: 'approve' },
      'decision',
      'This is a paused agent: decide "continue" or "conclude" or "cancel".',
    ],
    ['question', { decision: 'cancel' }, 'decision', 'This is a question: decide "approve" or "deny".'],
    ['tool', { decision: 'approve', answer: 'x' }, 'answer', expect.stringContaining('takes no answer')],
    ['pause', { decision: 'continue', answer: 'x' }, 'answer', expect.stringContaining('takes no answer')],
    ['question', { decision: 'approve' }, 'answer', expect.stringContaining('give the answer')],
    ['question', { decision: 'approve', answer: 'x', scope: 'session' }, 'scope', expect.any(String)],
    ['pause', { decision: 'continue', scope: 'session' }, 'scope', expect.any(String)],
    ['pause', { decision: 'conclude', iterations: 3 }, 'iterations', expect.any(String)],
    ['tool', { decision: 'approve', iterations: 3 }, 'iterations', expect.any(String)],
  ] as const)('%s: %o does not', (kind, input, path, message) => {
    expect(wrongField(kind, input)).toEqual({ path, message });
  });
});

test('what a decision is written down as', () => {
  const settle = (input: Record<string, unknown>) =>
    settlementOf({ ...parse(input), actor: 'ana' }, { reason: null, more: 20 });
  expect(settle({ decision: 'approve', scope: 'session' })).toMatchObject({
    status: 'approved',
    scope: 'session',
    granted: null,
  });
  expect(settle({ decision: 'continue' })).toMatchObject({ status: 'approved', granted: 20 });
  expect(settle({ decision: 'continue', iterations: 3 })).toMatchObject({ status: 'approved', granted: 3 });
  expect(settle({ decision: 'conclude' })).toMatchObject({ status: 'denied', granted: null });
  expect(settle({ decision: 'cancel' })).toMatchObject({ status: 'cancelled', decidedBy: 'ana' });
});

test('iterations are bounded', () => {
  for (const iterations of [0, 1.5, 100_000])
    expect(decisionSchema.safeParse({ decision: 'continue', iterations }).success).toBe(false);
});
