import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { mergeGenerators } from './merge-generators.ts';

/** Yields after the given numbers of event loop turns, and notes what becomes of it. */
function source(name: string, waits: number[], notes: string[] = []) {
  return async function* () {
    notes.push(`${name} started`);
    try {
      for (const [index, wait] of waits.entries()) {
        for (let n = 0; n < wait; n += 1) await turn();
        yield `${name}${index}`;
      }
      notes.push(`${name} ended`);
      return name.toUpperCase();
    } finally {
      notes.push(`${name} closed`);
    }
  };
}

async function collect<T, R>(merged: AsyncGenerator<T, R>): Promise<{ values: T[]; result: R }> {
  const values: T[] = [];
  for (let next = await merged.next(); ; next = await merged.next()) {
    if (next.done) return { values, result: next.value };
    values.push(next.value);
  }
}

test('yields come as they are ready, results in the order of the sources', async () => {
  const { values, result } = await collect(
    mergeGenerators([source('a', [20]), source('b', [1, 1]), source('c', [8])], 8),
  );
  expect(values).toEqual(['b0', 'b1', 'c0', 'a0']);
  expect(result).toEqual(['A', 'B', 'C']);
});

test('nothing in, nothing out', async () => {
  expect(await collect(mergeGenerators([], 3))).toEqual({ values: [], result: [] });
});

test('no more than the limit run at a time', async () => {
  const notes: string[] = [];
  const names = ['a', 'b', 'c', 'd', 'e'];
  const { result } = await collect(
    mergeGenerators(
      names.map((name) => source(name, [2, 2], notes)),
      2,
    ),
  );
  expect(result).toEqual(['A', 'B', 'C', 'D', 'E']);
  let running = 0;
  for (const note of notes) {
    running += note.endsWith('started') ? 1 : note.endsWith('closed') ? -1 : 0;
    expect(running).toBeLessThanOrEqual(2);
  }
});

test('one that is always ready does not keep the others waiting', async () => {
  const { values } = await collect(
    mergeGenerators(
      [
        source(
          'a',
          Array.from({ length: 100 }, () => 0),
        ),
        source('b', [0, 0]),
      ],
      2,
    ),
  );
  expect(values.indexOf('b1')).toBeLessThan(10);
});

test('a source goes on only when its value has been taken', async () => {
  const notes: string[] = [];
  const merged = mergeGenerators([source('a', [0, 0], notes)], 1);
  await merged.next();
  for (let n = 0; n < 5; n += 1) await turn();
  expect(notes).toEqual(['a started']);
  await merged.return([]);
});

describe('the others are closed', () => {
  const settle = async () => {
    for (let n = 0; n < 20; n += 1) await turn();
  };

  test('when the consumer stops early', async () => {
    const notes: string[] = [];
    const merged = mergeGenerators([source('a', [0, 0, 0], notes), source('b', [3, 3], notes)], 2);
    for await (const value of merged) {
      expect(value).toBe('a0');
      break;
    }
    await settle();
    expect(notes).toContain('a closed');
    expect(notes).toContain('b closed');
    expect(notes).not.toContain('b ended');
  });

  test('when one fails, whose error is the consumer’s', async () => {
    const notes: string[] = [];
    const failing = async function* () {
      yield 'x0';
      await turn();
      throw new Error('broken');
    };
    await expect(collect(mergeGenerators([source('a', [1, 30], notes), failing], 2))).rejects.toThrow(
      'broken',
    );
    for (let n = 0; n < 40; n += 1) await turn();
    expect(notes).toContain('a closed');
  });
});
