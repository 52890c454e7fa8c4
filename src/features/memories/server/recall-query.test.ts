import { expect, test } from 'vitest';
import { anyOf, sharesWords, significantWords } from './recall-query.ts';

test('words that say what an alert is about: no filler, no generated names, CamelCase in parts', () => {
  expect(
    significantWords('KubePodCrashLooping: the pod shop/checkout-7d9f8b6c5-x2v4k is restarting 12 times'),
  ).toEqual([
    'kubepodcrashlooping',
    'pod',
    'shop',
    'checkout',
    'restarting',
    'times',
    'kube',
    'crash',
    'looping',
  ]);
});

test('no input is a syntax error or an operator', () => {
  expect(anyOf(significantWords(`it's & (broken) | !down <-> "x":*`))).toBe("'broken' | 'down'");
  expect(anyOf(significantWords('? ! 12'))).toBeNull();
});

test('one common word is not enough, unless only one was asked for', () => {
  const words = significantWords('checkout pods crash after deploy');
  expect(sharesWords('The checkout service loses its database.', words)).toBe(false);
  expect(sharesWords('A crash of checkout follows each secret rotation.', words)).toBe(true);
  expect(sharesWords('The checkout service loses its database.', ['checkout'])).toBe(true);
});
