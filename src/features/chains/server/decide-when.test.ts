import { expect, test } from 'vitest';
import { readConfidence, whyNotWhen } from './decide-when.ts';

const result =
  'The Secret lacks a key.\n\n## Root cause\nA missing key.\n\n## Confidence\n**High**: seen in the log, low noise.\n\n## Prevention\nmedium effort';
const earlier = [
  { stage: 'look', result },
  { stage: 'check', result: 'No incident found.' },
];

test.each([
  [{ matches: 'no incident' }, null],
  [{ stage: 'look', matches: 'MISSING key' }, null],
  [{ stage: 'look', notMatches: 'no incident', confidence: ['high', 'medium'] as const }, null],
  [{ matches: 'missing' }, 'the result of stage "check" does not match missing'],
  [{ notMatches: 'no incident' }, 'the result of stage "check" matches no incident'],
  [
    { stage: 'look', confidence: ['low'] as const },
    'the result of stage "look" states high confidence, not low',
  ],
  [{ confidence: ['high'] as const }, 'the result of stage "check" states no confidence, not high'],
  [{ stage: 'gone', matches: 'x' }, 'stage "gone" has no result'],
])('%j → %s', (when, expected) => {
  expect(
    whyNotWhen({ ...when, confidence: 'confidence' in when ? [...when.confidence] : undefined }, earlier),
  ).toBe(expected);
});

test('without any result nothing holds', () => {
  expect(whyNotWhen({ notMatches: 'x' }, [])).toBe('no earlier stage has a result');
});

test('confidence is read from its section only', () => {
  expect(readConfidence(result)).toBe('high');
  expect(readConfidence('high hopes')).toBeNull();
  expect(readConfidence('## Confidence\nLow')).toBe('low');
  expect(readConfidence('## Confidence: High\nSeen in the log.')).toBe('high');
  expect(readConfidence('### **Confidence** (medium)')).toBe('medium');
  expect(readConfidence('A key.\n\n**Confidence:** low, since nothing was read.')).toBe('low');
  expect(readConfidence('I say with confidence that the load was high.')).toBeNull();
  expect(readConfidence('## Confidence\n## Prevention\nhigh')).toBeNull();
});
