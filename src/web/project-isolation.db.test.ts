import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { writeConfig } from '#test/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { startTestWeb, type TestWeb } from '#test/web/start-test-web.ts';
import { restOperations } from './rest-operations.ts';
import { rootRouter } from './root-router.ts';

/**
 * What the configuration gives to one project is not there for another: neither shown, nor used, nor named in a refusal, by
 * whatever procedure or operation. The registries are walked, so a new one is too.
 */
const db = useTestDatabase();
let web: TestWeb;
const callers = new Map<string, Record<string, string>>();
const SECRET = 'ledger';

beforeAll(async () => {
  const at = (name: string) => ({ transport: { type: 'http', url: `http://127.0.0.1:9/${name}` } });
  const oauth = { type: 'http', url: 'http://127.0.0.1:9/ledger-hub', auth: { type: 'oauth' } };
  const look = { stages: [{ name: 'look', agents: ['kubernetes'] }] };
  const configDir = await writeConfig({
    mcpServers: {
      shared: at('shared'),
      'ledger-box': { ...at('ledger-box'), projects: ['bank'] },
      'ledger-hub': { transport: oauth, projects: ['bank'] },
      'shop-box': { ...at('shop-box'), projects: ['shop'] },
    },
    chains: {
      'ledger-chain': { ...look, alertTypes: ['Payment', 'LedgerBroken'], projects: ['bank'] },
      'shop-chain': { ...look, alertTypes: ['Payment'], projects: ['shop'] },
    },
  });
  web = await startTestWeb(db.database, { configDir });
  for (const slug of ['bank', 'shop']) {
    const id = await web.project(slug);
    callers.set(slug, { cookie: await web.cookie({ [id]: 'admin' }), 'x-tars-project': slug });
  }
  // What the worker that watches the servers would have written.
  for (const name of ['shared', 'ledger-box', 'shop-box']) {
    await db.database.pool.query(
      `insert into mcp_server_status (name, status, error, checked_at) values ($1, 'down', $1 || ' is down', now())`,
      [name],
    );
    await db.database.pool.query('insert into system_warning (key, message) values ($1, $2)', [
      `mcp:${name}`,
      `MCP server "${name}" does not answer`,
    ]);
  }
});
afterAll(() => web.close());

const headersOf = (slug: string): Record<string, string> => callers.get(slug) ?? {};
const procedures = Object.entries(
  z
    .record(
      z.string(),
      z.custom<{ _def: { type: string } }>((value) => typeof value === 'function'),
    )
    .parse(rootRouter._def.procedures),
);
const query = async (name: string, slug: string, more: object = {}) => {
  const input = encodeURIComponent(JSON.stringify({ project: slug, ...more }));
  const response = await fetch(`${web.url}/api/trpc/${name}?input=${input}`, { headers: headersOf(slug) });
  return response.text();
};
const post = async (slug: string, path: string, body: unknown) => {
  const response = await fetch(`${web.url}/api/v1${path}`, {
    method: 'POST',
    headers: headersOf(slug),
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
};

describe('another project sees nothing of it', () => {
  test.each(procedures.filter(([, { _def }]) => _def.type === 'query').map(([name]) => name))(
    'tRPC %s',
    async (name) => {
      expect(await query(name, 'shop')).not.toContain(SECRET);
    },
  );

  test.each(
    restOperations
      .filter(({ method, path }) => method === 'get' && !path.includes('{'))
      .map(({ path }) => path),
  )('REST %s', async (path) => {
    const response = await fetch(`${web.url}/api/v1${path}`, { headers: headersOf('shop') });
    expect(response.status, path).toBeLessThan(500);
    expect(await response.text()).not.toContain(SECRET);
  });

  test('its own does: the walk would find it', async () => {
    for (const name of ['system.overview', 'system.notices', 'system.configuration', 'alerts.formOptions'])
      expect(await query(name, 'bank'), name).toContain(SECRET);
    const servers = await fetch(`${web.url}/api/v1/mcp-servers`, { headers: headersOf('bank') });
    expect(await servers.text()).toContain(SECRET);
    expect(await query('alerts.defaultTools', 'bank')).toContain('ledger-box');
    expect(await query('alerts.defaultTools', 'shop')).toContain('shop-box');
  });
});

describe('an alert', () => {
  const chainOf = async (text: string) => {
    const { sessionId } = z.object({ sessionId: z.string() }).parse(JSON.parse(text));
    const { rows } = await db.database.pool.query('select chain, chain_snapshot from session where id = $1', [
      sessionId,
    ]);
    return { chain: rows[0].chain, servers: rows[0].chain_snapshot.mcpServers };
  };

  test.each([
    ['bank', 'Payment', 'ledger-chain', ['shared', 'ledger-box', 'ledger-hub']],
    ['shop', 'Payment', 'shop-chain', ['shared', 'shop-box']],
    ['shop', 'LedgerBroken', 'kubernetes', ['shared', 'shop-box']],
  ])('of %s about %s goes to %s with the servers of its project', async (slug, alertType, chain, servers) => {
    const { status, text } = await post(slug, '/alerts', { alertType, data: 'It is broken.' });
    expect(status, text).toBe(202);
    expect(await chainOf(text)).toEqual({ chain, servers });
  });

  test('cannot be given the server of another project, and is not told that there is one', async () => {
    const select = (name: string) => ({ data: 'x', mcp: { servers: [{ name: 'shared' }, { name }] } });
    const refused = await post('shop', '/alerts', select('ledger-box'));
    expect(refused.status).toBe(400);
    expect(JSON.parse(refused.text)).toMatchObject({
      error: {
        fields: [
          { path: 'mcp.servers[1].name', message: 'no such MCP server; configured: shared, shop-box' },
        ],
      },
    });
    expect(refused.text.replaceAll('"ledger-box"', '')).toBe(
      (await post('shop', '/alerts', select('nonsense'))).text.replace(
        /"requestId":"[^"]+"/,
        /"requestId":"[^"]+"/.exec(refused.text)?.[0] ?? '',
      ),
    );
    expect((await post('bank', '/alerts', select('ledger-box'))).status).toBe(202);
  });
});

test('an administrator of another project signs nobody in or out', async () => {
  const mutate = (name: string, slug: string) =>
    fetch(`${web.url}/api/trpc/${name}`, {
      method: 'POST',
      headers: { ...headersOf(slug), 'content-type': 'application/json' },
      body: JSON.stringify({ project: slug, server: 'ledger-hub' }),
    });
  for (const name of ['mcpServers.startSignIn', 'mcpServers.signOut'])
    expect((await mutate(name, 'shop')).status, name).toBe(404);
  expect((await post('shop', '/mcp-servers/ledger-hub/sign-out', {})).status).toBe(404);
  // Its own is found, and nobody is signed in there.
  expect((await post('bank', '/mcp-servers/ledger-hub/sign-out', {})).status).toBe(409);
});
