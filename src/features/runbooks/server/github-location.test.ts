import { describe, expect, test } from 'vitest';
import {
  contentsAddress,
  defaultApiUrl,
  fileAddress,
  isSameRepository,
  parseFileAddress,
  parseFolderAddress,
  rawAddress,
} from './github-location.ts';

const acme = { origin: 'https://github.com', owner: 'acme', repo: 'ops' };

describe('folders', () => {
  test.each([
    ['https://github.com/acme/ops', { ...acme, ref: null, path: '' }],
    ['https://github.com/acme/ops.git', { ...acme, ref: null, path: '' }],
    ['https://github.com/acme/ops/tree/main', { ...acme, ref: 'main', path: '' }],
    ['https://github.com/acme/ops/tree/main/books/k8s/', { ...acme, ref: 'main', path: 'books/k8s' }],
    ['https://github.com/acme/ops/tree/team%2Fsre/books', { ...acme, ref: 'team/sre', path: 'books' }],
    [
      'http://ghe.local:8443/acme/ops/tree/v1/b',
      { ...acme, origin: 'http://ghe.local:8443', ref: 'v1', path: 'b' },
    ],
  ])('%s', (address, folder) => expect(parseFolderAddress(address)).toEqual(folder));

  test.each([
    'https://github.com/acme',
    'https://github.com/acme/ops/issues/3',
    'nonsense',
    'https://x/%E0%A4%A/b',
  ])('%s is none', (address) => expect(parseFolderAddress(address)).toBeNull());
});

describe('files', () => {
  const file = { ...acme, ref: 'main', path: 'books/k8s.md' };
  test.each([
    ['https://github.com/acme/ops/blob/main/books/k8s.md', file],
    ['https://github.com/acme/ops/raw/main/books/k8s.md', file],
    ['https://github.com/acme/ops/raw/refs/heads/main/books/k8s.md', file],
    ['https://raw.githubusercontent.com/acme/ops/main/books/k8s.md', file],
    ['https://raw.githubusercontent.com/acme/ops/refs/heads/main/books/k8s.md', file],
    ['https://github.com/acme/ops/blob/main/a%20b.md#steps', { ...acme, ref: 'main', path: 'a b.md' }],
  ])('%s', (address, expected) => expect(parseFileAddress(address)).toEqual(expected));

  test('a branch with a slash is known from the folder', () => {
    const address = 'https://github.com/acme/ops/blob/team/sre/books/k8s.md';
    expect(parseFileAddress(address, 'team/sre')).toMatchObject({ ref: 'team/sre', path: 'books/k8s.md' });
    expect(parseFileAddress(address)).toMatchObject({ ref: 'team', path: 'sre/books/k8s.md' });
  });

  test.each([
    'https://github.com/acme/ops/tree/main/books',
    'https://github.com/acme/ops/blob/main',
    'https://example.com/k8s.md',
    'nonsense',
  ])('%s is none', (address) => expect(parseFileAddress(address)).toBeNull());
});

test('addresses are made from places', () => {
  const folder = { ...acme, ref: 'team/sre', path: 'books' };
  expect(fileAddress(folder, 'books/a b.md')).toBe(
    'https://github.com/acme/ops/blob/team/sre/books/a%20b.md',
  );
  expect(fileAddress({ ...folder, ref: null }, 'a.md')).toBe('https://github.com/acme/ops/blob/HEAD/a.md');
  expect(rawAddress({ ...acme, ref: 'main', path: 'a b.md' })).toBe(
    'https://raw.githubusercontent.com/acme/ops/main/a%20b.md',
  );
  expect(contentsAddress('https://api.github.com', folder)).toBe(
    'https://api.github.com/repos/acme/ops/contents/books?ref=team%2Fsre',
  );
  expect(contentsAddress('http://ghe/api/v3', { ...acme, ref: null, path: '' })).toBe(
    'http://ghe/api/v3/repos/acme/ops/contents',
  );
  expect(defaultApiUrl('https://github.com')).toBe('https://api.github.com');
  expect(defaultApiUrl('https://ghe.acme.com')).toBe('https://ghe.acme.com/api/v3');
});

test('a repository is the same whatever the case of its name, and only on its own host', () => {
  expect(isSameRepository(acme, { ...acme, owner: 'ACME' })).toBe(true);
  expect(isSameRepository(acme, { ...acme, repo: 'other' })).toBe(false);
  expect(isSameRepository(acme, { ...acme, origin: 'https://github.com.evil.example' })).toBe(false);
});
