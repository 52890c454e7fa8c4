import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isStructured, tokenizeData } from './tokenize-data.ts';

const kinds = (text: string) =>
  tokenizeData(text)
    .filter(({ kind }) => kind !== 'plain')
    .map(({ kind, text: part }) => `${kind} ${part}`);

test('JSON: keys, texts, numbers and words', () => {
  expect(kinds('{\n  "pod": "a \\"b\\": c",\n  "n": [-1.5, 2],\n  "ok": true\n}')).toEqual([
    'key "pod"',
    'string "a \\"b\\": c"',
    'key "n"',
    'literal -1.5',
    'literal 2',
    'key "ok"',
    'literal true',
  ]);
});

test('YAML: keys at the beginning of a line', () => {
  expect(kinds('labels:\n  app.kubernetes.io/name: shop: x\n- name: web\n  port: 80\n  at: 03:12')).toEqual([
    'key labels',
    'key app.kubernetes.io/name',
    'key name',
    'key port',
    'literal 80',
    'key at',
  ]);
});

test.each([
  ['{"a": 1}', true],
  ['a: 1\nb: x', true],
  ['{"a": ', false],
  ['Since 03:12 the checkout answers 502.', false],
  ['Error: it broke\nand then\nnothing', false],
  ['', false],
  ['x'.repeat(100_000), false],
])('%j is structured: %s', (text, expected) => expect(isStructured(text)).toBe(expected));

test('whatever the text, its pieces are the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.json(), (text, json) => {
      for (const each of [text, json, `${text}: ${json}\n- ${text}`])
        expect(
          tokenizeData(each)
            .map((token) => token.text)
            .join(''),
        ).toBe(each);
    }),
  );
});
