import { expect, test } from 'vitest';
import { readJsonObject } from './read-json-object.ts';

test.each([
  ['{"a":1}', { a: 1 }],
  ['Here it is:\n```json\n{"a": {"b": "}"}}\n```\nDone.', { a: { b: '}' } }],
  ['{"quote": "say \\"{\\""} and {"later": true}', { quote: 'say "{"' }],
  ['The set {x} is empty. {"a": []}', { a: [] }],
])('%s', (text, expected) => {
  expect(readJsonObject(text)).toEqual(expected);
});

test.each(['', 'no object', '[1, 2]', '{"cut": "off', '{not json}'])('nothing to read: %s', (text) => {
  expect(readJsonObject(text)).toBeNull();
});
