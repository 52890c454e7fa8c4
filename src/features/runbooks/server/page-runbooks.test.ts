import { expect, test } from 'vitest';
import type { RunbookEntry } from '../schema.ts';
import { pageRunbooks } from './page-runbooks.ts';

const entry = (path: string): RunbookEntry => ({ name: path, path, url: path, source: 'files' });
const list = { entries: ['a/oom.md', 'a/crash loop.md', 'b/oom.md', 'c.md'].map(entry), note: 'old' };
const paths = (page: { items: RunbookEntry[] }) => page.items.map(({ path }) => path);

test('pages follow each other without gap', () => {
  const first = pageRunbooks(list, { limit: 3 });
  expect(paths(first)).toEqual(['a/oom.md', 'a/crash loop.md', 'b/oom.md']);
  expect(first.note).toBe('old');
  const second = pageRunbooks(list, { limit: 3, cursor: first.nextCursor ?? '' });
  expect(paths(second)).toEqual(['c.md']);
  expect(second.nextCursor).toBeNull();
});

test('every word must be in the path', () => {
  expect(paths(pageRunbooks(list, { limit: 10, q: ' A  LOOP ' }))).toEqual(['a/crash loop.md']);
  expect(paths(pageRunbooks(list, { limit: 10, q: 'nothing' }))).toEqual([]);
});

test('a foreign cursor is refused', () => {
  expect(() => pageRunbooks(list, { limit: 3, cursor: 'abc' })).toThrow('cursor');
});
