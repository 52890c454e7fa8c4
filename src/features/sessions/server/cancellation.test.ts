import { expect, test } from 'vitest';
import { describeCancellation } from './cancellation.ts';

test('who, and why where it was said', () => {
  expect(describeCancellation('ana', null)).toBe('cancelled by ana');
  expect(describeCancellation('ana', 'wrong cluster')).toBe('cancelled by ana: wrong cluster');
});
