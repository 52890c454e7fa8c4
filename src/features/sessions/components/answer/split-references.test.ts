import { expect, test } from 'vitest';
import { splitReferences } from './split-references.ts';

const known = (id: string) => ['call_1', 'call_2', 'toolu_01AbC'].includes(id);
const ref = (callId: string, text = `[tool: ${callId}]`) => ({ kind: 'reference' as const, callId, text });
const text = (value: string) => ({ kind: 'text' as const, text: value });

test('a claim and its reference', () => {
  expect(splitReferences('It exits with 1 [tool: call_1].', known)).toEqual([
    text('It exits with 1 '),
    ref('call_1'),
    text('.'),
  ]);
});

test('several ids in one bracket, with any spacing, case and backticks', () => {
  expect(splitReferences('[Tool:call_1, `toolu_01AbC`]', known)).toEqual([
    ref('call_1', '[Tool:call_1, `toolu_01AbC`]'),
    ref('toolu_01AbC', '[Tool:call_1, `toolu_01AbC`]'),
  ]);
});

test('an unknown id stays text', () => {
  expect(splitReferences('so [tool: nope] it is', known)).toEqual([text('so [tool: nope] it is')]);
});

test('of known and unknown ids the known ones are kept', () => {
  expect(splitReferences('[tool: nope, call_2]', known)).toEqual([ref('call_2', '[tool: nope, call_2]')]);
});

test('unfinished and nested brackets stay text', () => {
  expect(splitReferences('a [tool: call_1', known)).toEqual([text('a [tool: call_1')]);
  expect(splitReferences('[tool: [x]]', known)).toEqual([text('[tool: [x]]')]);
});

test('text without references is one piece, no text is none', () => {
  expect(splitReferences('plain', known)).toEqual([text('plain')]);
  expect(splitReferences('', known)).toEqual([]);
});
