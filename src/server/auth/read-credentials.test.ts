import { expect, test } from 'vitest';
import { readCookie, readCredentials } from './read-credentials.ts';

const options = { cookieName: 'tars-session', proxyHeaders: { user: 'x-user', email: 'x-email' } };
const KEY = `tars_${'k'.repeat(43)}`;
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

test('a header of authorization wins over proxy headers, and these over the cookie', () => {
  const cookie = 'a=1; tars-session=token; b=2';
  expect(readCredentials({ cookie }, options)).toEqual({ kind: 'cookie', token: 'token' });
  expect(readCredentials({ cookie, 'x-user': 'ada' }, options)).toEqual({
    kind: 'proxy',
    user: 'ada',
    email: null,
  });
  expect(readCredentials({ cookie, 'x-user': 'ada', authorization: `Bearer ${KEY}` }, options)).toEqual({
    kind: 'key',
    key: KEY,
  });
  expect(readCredentials({}, options)).toEqual({ kind: 'none' });
});

test.each([[`bearer ${KEY}`], [basic(`sns:${KEY}`)], [basic(`:${KEY}`)], [basic(KEY)]])(
  '%s is the key',
  (authorization) => {
    expect(readCredentials({ authorization }, options)).toEqual({ kind: 'key', key: KEY });
  },
);

test.each(['Bearer x', `Bearer ${KEY} ${KEY}`, basic('user:password'), `Token ${KEY}`, ''])(
  'an authorization that is not ours never falls back: %j',
  (authorization) => {
    expect(readCredentials({ authorization, 'x-user': 'ada' }, options)).toEqual({ kind: 'invalid' });
  },
);

test('a proxy header sent twice is not the proxy’s', () => {
  expect(readCredentials({ 'x-user': ['ada', 'root'] }, options)).toEqual({ kind: 'none' });
});

test('cookies are found by their whole name', () => {
  expect(readCookie('xtars-session=1; tars-session=2', 'tars-session')).toBe('2');
  expect(readCookie('tars-session=', 'tars-session')).toBeNull();
  expect(readCookie(undefined, 'tars-session')).toBeNull();
});
