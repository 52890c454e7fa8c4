import { expect, test } from 'vitest';
import { describeTyping } from './describe-typing.ts';

test('one, two and many', () => {
  expect(describeTyping([])).toBe('');
  expect(describeTyping(['Ann'])).toBe('Ann is typing …');
  expect(describeTyping(['Ann', 'Bob'])).toBe('Ann and Bob are typing …');
  expect(describeTyping(['Ann', 'Bob', 'Cid'])).toBe('Ann and 2 others are typing …');
});

test('a long name leaves room for what they do', () => {
  expect(describeTyping(['Maximiliane-Friederike von Hohenstein'])).toBe(
    'Maximiliane-Friederike… is typing …',
  );
});
