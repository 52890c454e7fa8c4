import { describe, expect, test } from 'vitest';
import { type Candidate, cosine, rankMemories } from './rank-memories.ts';

const now = new Date('2026-06-01T00:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
const memory = (id: string, changes: Partial<Candidate> = {}): Candidate => ({
  id,
  confidence: 0.7,
  lastSeenAt: now,
  ...changes,
});
const order = (candidates: Candidate[], ...ways: string[][]) =>
  rankMemories(candidates, ways, now).map(({ id }) => id);

describe('rankMemories', () => {
  test('what both ways find comes before what one of them finds', () => {
    expect(order([memory('a'), memory('b'), memory('c')], ['a', 'b'], ['c', 'b'])).toEqual(['b', 'a', 'c']);
  });

  test('equal ranks: the more trusted first, then the fresher', () => {
    expect(order([memory('a', { confidence: 0.3 }), memory('b', { confidence: 0.9 })], ['a'], ['b'])).toEqual(
      ['b', 'a'],
    );
    expect(order([memory('a', { lastSeenAt: daysAgo(30) }), memory('b')], ['a'], ['b'])).toEqual(['b', 'a']);
  });

  test('a half-life of age halves the worth, whatever the rank', () => {
    // Rank 1 at half worth against rank 2 at full worth.
    expect(order([memory('old', { lastSeenAt: daysAgo(90) }), memory('new')], ['old', 'new'])).toEqual([
      'new',
      'old',
    ]);
    expect(order([memory('old', { lastSeenAt: daysAgo(1) }), memory('new')], ['old', 'new'])).toEqual([
      'old',
      'new',
    ]);
  });

  test('what no way found is left out', () => {
    expect(order([memory('a'), memory('b')], ['a'])).toEqual(['a']);
  });
});

test('cosine', () => {
  expect(cosine([1, 0], [2, 0])).toBeCloseTo(1);
  expect(cosine([1, 0], [0, 3])).toBe(0);
  expect(cosine([1, 1], [-1, -1])).toBeCloseTo(-1);
  expect(cosine([1], [1, 2])).toBe(0);
  expect(cosine([0, 0], [1, 2])).toBe(0);
});
