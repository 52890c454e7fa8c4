import { expect, test } from 'vitest';
import { cutBefore, headOf, storable, storableJson, tailOf } from './storable-text.ts';

test('NUL goes, halves of pairs are replaced, the rest stays', () => {
  expect(storable('a\0b')).toBe('ab');
  expect(storable('\ud83d x \ude00')).toBe('\ufffd x \ufffd');
  expect(storable('😀 é 漢')).toBe('😀 é 漢');
});

test('what would be obeyed unseen is shown', () => {
  expect(storable('\u001b[2Jok \u202egpj')).toBe('␛[2Jok [U+202E]gpj');
});

test('also deep inside JSON, keys included', () => {
  expect(storableJson({ 'k\0': ['\ud83d', { n: 1, b: true, z: null, 'x\udc00': '\0' }] })).toEqual({
    k: ['\ufffd', { n: 1, b: true, z: null, 'x\ufffd': '' }],
  });
  expect(storableJson('a\0')).toBe('a');
});

test('cuts leave pairs whole', () => {
  const text = 'a😀b😀';
  expect([0, 1, 2, 3, 4, 5, 6, 9].map((n) => headOf(text, n))).toEqual([
    '',
    'a',
    'a',
    'a😀',
    'a😀b',
    'a😀b',
    'a😀b😀',
    'a😀b😀',
  ]);
  expect([0, 1, 2, 3, 4, 5, 6, 9].map((n) => tailOf(text, n))).toEqual([
    '',
    '',
    '😀',
    'b😀',
    'b😀',
    '😀b😀',
    'a😀b😀',
    'a😀b😀',
  ]);
  expect(cutBefore(text, 2)).toBe(1);
  expect(cutBefore(text, 3)).toBe(3);
});
