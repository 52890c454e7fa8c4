import { expect, test } from 'vitest';
import { withoutMarkup, withoutReferences } from './plain-answer.ts';

test('references go with the space before them, whatever they name', () => {
  expect(withoutReferences('The key [tool: a] is missing [Tools: b, c].')).toBe('The key is missing.');
  expect(withoutReferences('a list [x] and [tool] stay')).toBe('a list [x] and [tool] stay');
});

test('signs of Markdown go, and what may belong to a name stays', () => {
  expect(withoutMarkup('## Cause\nThe **key** `db_dsn` of #12')).toBe('Cause\nThe key db_dsn of #12');
});
