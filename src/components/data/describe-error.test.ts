import { TRPCClientError } from '@trpc/client';
import { expect, test } from 'vitest';
import { describeError, isMissing, isPermanent } from './describe-error.ts';

const answer = (code: string, fields?: { path: string; message: string }[]) =>
  TRPCClientError.from({
    error: {
      message: 'Title is too long',
      code: -32600,
      data: { code, requestId: 'r-1', fields: fields ?? null },
    },
  });

test("the server's message, request and fields are passed on", () => {
  const error = answer('BAD_REQUEST', [{ path: 'title', message: 'at most 300 characters' }]);
  expect(describeError(error)).toEqual({
    code: 'BAD_REQUEST',
    message: 'Title is too long',
    requestId: 'r-1',
    fields: [{ path: 'title', message: 'at most 300 characters' }],
  });
  expect(isPermanent(error)).toBe(true);
});

test('no answer is a network error and worth a retry', () => {
  expect(describeError(new TypeError('fetch failed')).code).toBe('NETWORK');
  expect(isPermanent(new TypeError('fetch failed'))).toBe(false);
  expect(isPermanent(answer('SERVICE_UNAVAILABLE'))).toBe(false);
});

test('what is not there, or cannot be, is missing; no answer says nothing about it', () => {
  expect(['NOT_FOUND', 'BAD_REQUEST'].map((code) => isMissing(answer(code)))).toEqual([true, true]);
  expect([answer('FORBIDDEN'), new TypeError('fetch failed')].map(isMissing)).toEqual([false, false]);
});
