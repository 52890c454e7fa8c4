import { InvalidGrantError, ServerError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { expect, test } from 'vitest';
import { describeAuthorizationFailure } from './describe-failure.ts';

const SECRET = 'refresh-4711';

test('a no is final, and only its code is passed on', () => {
  const failure = describeAuthorizationFailure(new InvalidGrantError(`token ${SECRET} is not valid`));
  expect(failure).toEqual({ final: true, text: 'the authorization server answered invalid_grant' });
});

test.each([
  ['an answer that is no OAuth error', new ServerError(`HTTP 502: Raw body: refresh_token=${SECRET}`)],
  [
    'no connection',
    new TypeError('fetch failed', { cause: Object.assign(new Error(SECRET), { code: 'ECONNREFUSED' }) }),
  ],
  ['an answer that is no JSON', new SyntaxError(`Unexpected token in ${SECRET}`)],
  ['no answer in time', new DOMException(SECRET, 'TimeoutError')],
  ['anything else', new Error(SECRET)],
  ['something that is no error', SECRET],
])('%s may pass, and its text stays inside', (_name, error) => {
  const failure = describeAuthorizationFailure(error);
  expect(failure.final).toBe(false);
  expect(failure.text).not.toContain(SECRET);
});

test('what the SDK itself says of a server is kept', () => {
  const text = 'Incompatible auth server: does not support dynamic client registration';
  expect(describeAuthorizationFailure(new Error(text)).text).toBe(text);
});
