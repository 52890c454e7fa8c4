import { describe, expect, test } from 'vitest';
import { gitHubIdentities, parseIdentity, proxyIdentities } from './identity.ts';

const both = { github: true, proxy: true };
const gitHubOnly = { github: true, proxy: false };
const proxyOnly = { github: false, proxy: true };
const neither = { github: false, proxy: false };

describe('parseIdentity', () => {
  test.each([
    ['Ada', gitHubOnly, 'github:ada'],
    ['@Ada', gitHubOnly, 'github:ada'],
    [' ada_corp ', gitHubOnly, 'github:ada_corp'],
    ['Ada', proxyOnly, 'proxy:Ada'],
    ['github:Ada', both, 'github:ada'],
    ['proxy:Ada', both, 'proxy:Ada'],
    ['github:ada', neither, 'github:ada'],
    ['Ada@Example.Test', both, 'ada@example.test'],
    ['local:admin', neither, 'local:admin'],
  ])('%j is %j → %s', (who, ways, identity) => {
    expect(parseIdentity(who, ways)).toBe(identity);
  });

  test.each([
    ['ada', both],
    ['ada', neither],
    ['', gitHubOnly],
    ['a@b@c', gitHubOnly],
    ['ada@host', proxyOnly],
    ['github:', both],
    ['proxy:', both],
    ['github:a b', both],
    ['ada lovelace', gitHubOnly],
  ])('%j does not say who (%j)', (who, ways) => {
    expect(() => parseIdentity(who, ways)).toThrow(
      expect.objectContaining({ code: 'bad_request', fields: [expect.objectContaining({ path: 'who' })] }),
    );
  });
});

test('what an administrator types is what the sign-in proves', () => {
  const gitHub = gitHubIdentities({ login: 'Ada', verifiedEmails: ['Ada@Example.Test', 'ada@example.test'] });
  expect(gitHub).toEqual(['github:ada', 'ada@example.test']);
  expect(gitHub).toContain(parseIdentity('ADA', gitHubOnly));
  expect(gitHub).toContain(parseIdentity('ada@Example.test', both));

  const named = proxyIdentities({ user: 'Ada@Example.Test', email: null });
  expect(named).toContain(parseIdentity('ada@example.test', proxyOnly));
  expect(proxyIdentities({ user: 'ada', email: 'Ada@Example.Test' })).toEqual([
    'proxy:ada',
    'ada@example.test',
  ]);
});

test('a name that a proxy gives proves no account of GitHub', () => {
  expect(proxyIdentities({ user: 'github:ada', email: 'no address' })).toEqual(['proxy:github:ada']);
});
