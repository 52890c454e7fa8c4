import { describe, expect, test } from 'vitest';
import { findAddressProblem, type Reach, reachOf } from './check-address.ts';

test.each([
  ['8.8.8.8', 'public'],
  ['2606:4700::1111', 'public'],
  ['10.1.2.3', 'private'],
  ['127.0.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['172.32.0.1', 'public'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'private'],
  ['::1', 'private'],
  ['fd12::1', 'private'],
  ['::ffff:10.0.0.1', 'private'],
  ['169.254.169.254', 'forbidden'],
  ['::ffff:169.254.169.254', 'forbidden'],
  ['fe80::1', 'forbidden'],
  ['0.0.0.0', 'forbidden'],
  ['255.255.255.255', 'forbidden'],
  ['not an address', 'forbidden'],
])('%s is %s', (address, reach) => {
  expect(reachOf(address)).toBe(reach);
});

describe('findAddressProblem', () => {
  const outside = { hosts: ['box.example'], server: 'public' as const };
  const inside = { hosts: ['box.corp'], server: 'private' as const };
  const ask = (address: string, reaches: Reach[], trust: typeof outside | typeof inside = outside) =>
    findAddressProblem(new URL(address), reaches, trust);

  test.each<[string, Reach[], typeof outside | typeof inside]>([
    ['https://login.example/token', ['public'], outside],
    ['https://box.example/token', ['private'], outside],
    ['http://sso.corp/token', ['private'], inside],
    ['https://login.example/token', ['public'], inside],
  ])('%s (%s) is asked', (address, reaches, trust) => {
    expect(ask(address, reaches, trust)).toBeNull();
  });

  test.each<[string, Reach[], typeof outside | typeof inside, RegExp]>([
    ['https://sso.corp/token', ['private'], outside, /inside of our network/],
    ['https://both.example/token', ['public', 'private'], outside, /inside of our network/],
    ['http://metadata/token', ['forbidden'], inside, /no address for an authorization server/],
    ['http://login.example/token', ['public'], outside, /plain http/],
    ['http://login.example/token', ['public'], inside, /plain http/],
    ['https://nowhere.example/token', [], outside, /has no address/],
    ['ftp://login.example/token', ['public'], outside, /not http/],
    ['https://name:word@login.example/token', ['public'], outside, /name or password/],
  ])('%s (%s) is not', (address, reaches, trust, problem) => {
    expect(ask(address, reaches, trust)).toMatch(problem);
  });
});
