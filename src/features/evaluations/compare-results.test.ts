import { describe, expect, it } from 'vitest';
import { compareResults } from './compare-results.ts';
import { groupResults } from './group-results.ts';
import type { EvaluationResult } from './schema.ts';

const result = (
  scenario: string,
  attempt: number,
  passed: boolean,
  difficulty: EvaluationResult['difficulty'] = 'easy',
): EvaluationResult => ({
  scenario,
  title: scenario,
  difficulty,
  attempt,
  sessionId: null,
  passed,
  failures: [],
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  durationMs: 0,
  createdAt: '2026-11-26T00:00:00Z',
});

describe('groupResults', () => {
  it('puts attempts in order under their scenario, easy ones first', () => {
    const groups = groupResults([
      result('b', 2, false),
      result('c', 1, true, 'hard'),
      result('b', 1, true),
      result('a', 1, true, 'medium'),
    ]);
    expect(
      groups.map(({ name, passed, attempts }) => [name, passed, attempts.map((a) => a.attempt)]),
    ).toEqual([
      ['b', 1, [1, 2]],
      ['a', 1, [1]],
      ['c', 1, [1]],
    ]);
  });
});

describe('compareResults', () => {
  it('compares shares, so that the number of attempts may differ, and shows what got worse first', () => {
    const left = [
      result('same', 1, true),
      result('up', 1, false),
      result('down', 1, true),
      result('gone', 1, true),
    ];
    const right = [
      result('same', 1, true),
      result('same', 2, true),
      result('up', 1, true),
      result('down', 1, true),
      result('down', 2, false),
      result('new', 1, true),
    ];
    expect(compareResults(left, right).map(({ name, change }) => [name, change])).toEqual([
      ['down', 'worse'],
      ['up', 'better'],
      ['gone', 'only left'],
      ['new', 'only right'],
      ['same', 'same'],
    ]);
  });
});
