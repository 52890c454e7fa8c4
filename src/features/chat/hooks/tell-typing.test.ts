import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTypingTeller } from './tell-typing.ts';
import { TELL_TYPING_MS, TYPING_PAUSE_MS } from './tunables.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function openTeller() {
  let told = 0;
  const teller = createTypingTeller(() => {
    told += 1;
  });
  return { ...teller, told: () => told };
}

test('it is told at once, then at a bounded rate however fast somebody types', () => {
  const { typed, told } = openTeller();
  for (const text of ['H', 'Ho', 'How']) typed(text);
  expect(told()).toBe(1);
  vi.advanceTimersByTime(TELL_TYPING_MS);
  expect(told()).toBe(2);
});

test('who comes later hears of it, until the writer has paused', () => {
  const { typed, told } = openTeller();
  typed('How');
  vi.advanceTimersByTime(TYPING_PAUSE_MS);
  const heard = told();
  expect(heard).toBeGreaterThan(2);
  vi.advanceTimersByTime(10 * TYPING_PAUSE_MS);
  expect(told()).toBe(heard);
  typed('How f');
  expect(told()).toBe(heard + 1);
});

test('what was sent or taken back is not being written', () => {
  const { typed, rest, told } = openTeller();
  typed('H');
  typed('');
  vi.advanceTimersByTime(TYPING_PAUSE_MS);
  expect(told()).toBe(1);
  typed('H');
  rest();
  vi.advanceTimersByTime(TYPING_PAUSE_MS);
  expect(told()).toBe(2);
});
