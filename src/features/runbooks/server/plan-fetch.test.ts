import { describe, expect, test } from 'vitest';
import type { RunbooksConfig } from '#src/server/config/index.ts';
import { configuredFolder, planDocumentFetch, planListing } from './plan-fetch.ts';

const config = (changes: Partial<RunbooksConfig> = {}): RunbooksConfig => ({
  repository: 'https://github.com/acme/ops/tree/main/books',
  allowedDomains: ['github.com', 'raw.githubusercontent.com'],
  cacheTtl: 60_000,
  ...changes,
});
const own = 'https://github.com/acme/ops/blob/main/books/k8s.md';
const other = 'https://github.com/other/secret/blob/main/a.md';

describe('a file of the configured repository', () => {
  test('comes from the raw host without a token', () => {
    expect(planDocumentFetch(config(), own)).toEqual({
      url: 'https://raw.githubusercontent.com/acme/ops/main/books/k8s.md',
      headers: {},
      trustedHost: 'raw.githubusercontent.com',
    });
  });

  test.each([own, 'https://raw.githubusercontent.com/acme/ops/main/books/k8s.md'])(
    'comes through the API with the token: %s',
    (address) => {
      const plan = planDocumentFetch(config({ token: 't' }), address);
      expect(plan.url).toBe('https://api.github.com/repos/acme/ops/contents/books/k8s.md?ref=main');
      expect(plan.headers.authorization).toBe('Bearer t');
      expect(plan.trustedHost).toBe('api.github.com');
    },
  );

  test('comes from the API of its own server, or from the configured one', () => {
    const repository = 'https://ghe.acme.com/acme/ops/tree/main/books';
    const file = 'https://ghe.acme.com/acme/ops/blob/main/books/k8s.md';
    expect(planDocumentFetch(config({ repository }), file).url).toBe(
      'https://ghe.acme.com/api/v3/repos/acme/ops/contents/books/k8s.md?ref=main',
    );
    const apiUrl = 'http://127.0.0.1:4000/';
    expect(planDocumentFetch(config({ apiUrl }), own).url).toBe(
      'http://127.0.0.1:4000/repos/acme/ops/contents/books/k8s.md?ref=main',
    );
  });
});

describe('the token', () => {
  test.each([
    other,
    'https://raw.githubusercontent.com/other/secret/main/a.md',
    'https://example.com/acme/ops/blob/main/books/k8s.md',
    'https://github.com.evil.example/acme/ops/blob/main/books/k8s.md',
  ])('does not go with %s', (address) => {
    for (const changes of [{}, { apiUrl: 'http://127.0.0.1:4000' }]) {
      const plan = planDocumentFetch(config({ token: 't', ...changes }), address);
      expect(JSON.stringify(plan)).not.toContain('Bearer');
    }
  });

  test('goes with a listing', () => {
    const configured = configuredFolder(config());
    if (!configured) throw new Error('configured');
    const plan = planListing(config({ token: 't' }), configured, 'books/sub');
    expect(plan.url).toBe('https://api.github.com/repos/acme/ops/contents/books/sub?ref=main');
    expect(plan.headers.authorization).toBe('Bearer t');
  });
});

test('any other address is read as it is', () => {
  expect(planDocumentFetch(config(), 'https://docs.example.com/a.md')).toEqual({
    url: 'https://docs.example.com/a.md',
    headers: {},
    trustedHost: null,
  });
});
