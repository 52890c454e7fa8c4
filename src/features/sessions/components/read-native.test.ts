import { expect, test } from 'vitest';
import type { TimelineItem } from '../schema.ts';
import { describeNative, readSources } from './read-native.ts';

const item = (type: TimelineItem['type'], content: string, data: Record<string, unknown>) => ({
  type,
  content,
  data,
});
const source = { url: 'https://docs.example/a', title: 'A', error: null };

test('a search', () => {
  const search = item('search_result', 'why 53300', {
    queries: ['why 53300'],
    sources: [{ url: source.url, title: 'A' }, { url: 'https://b' }],
    error: null,
  });
  expect(readSources(search)).toEqual([source, { url: 'https://b', title: null, error: null }]);
  expect(describeNative(search)).toEqual({ title: 'Web search', detail: 'why 53300 · 2 sources' });
  expect(describeNative(item('search_result', 'x', { queries: [], sources: [], error: 'too many' }))).toEqual(
    {
      title: 'Web search failed: too many',
      detail: 'x',
    },
  );
});

test('pages', () => {
  const pages = (...errors: (string | null)[]) =>
    item('url_context', 'https://a', {
      pages: errors.map((error) => ({ url: 'https://a', title: null, error })),
    });
  expect(describeNative(pages(null))?.title).toBe('Page read');
  expect(describeNative(pages('paywall'))?.title).toBe('Page not read: paywall');
  expect(describeNative(pages(null, 'error', null))?.title).toBe('2 of 3 pages read');
});

test('code', () => {
  const code = (error: string | null) =>
    item('code_execution', '```python\nprint(1)\n```\n\n```\n1\n```', { error });
  expect(describeNative(code(null))).toEqual({ title: 'Code executed', detail: 'print(1)' });
  expect(describeNative(code('exit code 1'))?.title).toBe('Code failed: exit code 1');
});

test('anything else, and data of another shape', () => {
  expect(describeNative(item('thinking', 'x', {}))).toBeNull();
  expect(readSources(item('search_result', 'x', { sources: 'none' }))).toBeNull();
  expect(describeNative(item('search_result', 'x', {}))?.detail).toBe('x · 0 sources');
});
