import { expect, test } from 'vitest';
import { linkEvidence } from './link-evidence.ts';

const targets = ['a', 'call_1-2', 'toolu_01'].map((callId) => ({
  callId,
  itemId: `i-${callId}`,
  label: 'box.echo',
}));

test.each<[string, string[]]>([
  ['Nothing.', []],
  ['It is so [tool: a].', ['a']],
  ['Second first [tool: toolu_01], then [tool:a], again [tool: toolu_01 ].', ['toolu_01', 'a']],
  ['Unknown [tool: nowhere] and [tool: ] and [tool a].', []],
  ['In a list:\n- x [tool: call_1-2][tool: a]', ['call_1-2', 'a']],
])('%s', (answer, callIds) => {
  expect(linkEvidence(answer, targets)).toEqual(
    callIds.map((callId) => ({ callId, itemId: `i-${callId}`, label: 'box.echo' })),
  );
});
