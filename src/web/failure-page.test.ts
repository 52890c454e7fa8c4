import { expect, test } from 'vitest';
import { failurePage } from './failure-page.ts';

const failure = {
  status: 503,
  code: 'unavailable',
  message: 'The database is away.',
  requestId: 'r1',
} as const;

test('what passes by itself is asked for again, what is broken is not', () => {
  expect(failurePage(failure).body).toContain('http-equiv="refresh"');
  expect(failurePage(failure).body).toContain('The database is away.');
  expect(failurePage({ ...failure, status: 500, code: 'internal' }).body).not.toContain('http-equiv');
});

test('nothing that comes from outside is markup, and the page may load and run nothing', () => {
  const { body, headers } = failurePage({
    ...failure,
    code: 'bad_request',
    message: '<img src=x>',
    requestId: '"><b>',
  });
  expect(body).not.toContain('<img');
  expect(body).not.toContain('<b>');
  expect(headers['content-security-policy']).toContain("default-src 'none'");
});
