import { expect, test } from 'vitest';
import { failurePage } from './failure-page.ts';

const failure = {
  status: 503,
  code: 'unavailable',
  message: 'The database is away.',
  requestId: 'r1',
} as const;

test('what passes by itself is looked for again, what is broken is not', () => {
  const { body, headers } = failurePage(failure);
  const nonce = /<script nonce="([^"]+)">/.exec(body)?.[1];
  expect(headers['content-security-policy']).toContain(`script-src 'nonce-${nonce}'`);
  expect(failurePage(failure).body).toContain('The database is away.');
  expect(failurePage({ ...failure, status: 500, code: 'internal' }).body).not.toContain('<script');
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
