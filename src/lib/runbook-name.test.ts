import { expect, test } from 'vitest';
import { isRunbookName } from './runbook-name.ts';

test.each(['k8s.md', 'shop/checkout is down.md', 'a/b/c.MARKDOWN', 'größe.md'])('%s is one', (name) => {
  expect(isRunbookName(name)).toBe(true);
});

test.each([
  '',
  'k8s.txt',
  '.md',
  '../secrets.md',
  'shop/../../etc/passwd.md',
  '/etc/passwd.md',
  'shop//a.md',
  '.hidden/a.md',
  'shop/.hidden.md',
  'a\\b.md',
  'a\0.md',
  `${'a'.repeat(300)}.md`,
  'https://example.com/a.md',
])('%j is none', (name) => {
  expect(isRunbookName(name)).toBe(false);
});
