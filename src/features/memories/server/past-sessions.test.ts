import { expect, test } from 'vitest';
import { causeIn, describePastSession, matchingLines } from './past-sessions.ts';
import { PAST_EXCERPT_MAX_CHARS, PAST_LINES_MAX } from './tunables.ts';

const ANALYSIS = `The key is missing.

## Root cause
The secret \`checkout-db\` lost its key
when it was rotated.

## Evidence
- checkout-7d exits with code 1
- the secret has no DATABASE_URL`;

test('the cause is what stands below its heading, else the first line', () => {
  expect(causeIn(ANALYSIS)).toBe('The secret `checkout-db` lost its key when it was rotated.');
  expect(causeIn('# Report\n\nThe disk is full.\nReally.')).toBe('The disk is full.');
  expect(causeIn('## Root cause\n\n## Evidence\n- x')).toBeNull();
  expect(causeIn('')).toBeNull();
});

test('lines with most of the words, in their order, and few', () => {
  expect(matchingLines(ANALYSIS, 'secret DATABASE_URL')).toEqual([
    'The secret `checkout-db` lost its key',
    '- the secret has no DATABASE_URL',
  ]);
  expect(matchingLines(ANALYSIS, 'gateway')).toEqual([]);
  expect(matchingLines(Array(50).fill('a pod fell').join('\n'), 'pod')).toHaveLength(PAST_LINES_MAX);
  const [line] = matchingLines(`pod ${'x'.repeat(5_000)}`, 'pod');
  expect(line?.length).toBeLessThan(PAST_EXCERPT_MAX_CHARS + 3);
});

test('a hit says when, what, how it was rated, and why it was found', () => {
  const session = {
    id: 's-1',
    title: 'Checkout down',
    alertType: 'kubernetes',
    createdAt: '2026-11-20T08:00:00.000Z',
    executiveSummary: null,
    review: {
      status: 'reviewed' as const,
      assignee: null,
      assignedAt: null,
      rating: 'partially_accurate' as const,
      actionTaken: null,
      note: null,
      reviewedAt: null,
    },
  };
  expect(describePastSession(session, ANALYSIS, 'DATABASE_URL').split('\n')).toEqual([
    '2026-11-20 Checkout down (session s-1, alert type kubernetes, people rated it partially accurate)',
    'Summary: none was written.',
    'Cause: The secret `checkout-db` lost its key when it was rotated.',
    'Matched: - the secret has no DATABASE_URL',
  ]);
  expect(describePastSession(session, null, 'x')).not.toContain('Cause');
});
