import { pino } from 'pino';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { openToolbox, type Toolbox } from '#src/server/mcp/index.ts';
import { useSignInBed } from '#test/authorization-server/sign-in-bed.ts';
import { makeCertificates } from '#test/mcp-servers/make-certificates.ts';
import { signOut } from './sign-out.ts';
import { tokenSourceFor } from './token-source.ts';

// The MCP server and its authorization server, each with its own port, show certificates that only `caFile` knows.
const certificates = makeCertificates();
const stranger = makeCertificates();
const bed = useSignInBed({ certificates });
const { caFile } = certificates;

beforeEach(async () => {
  await bed.database.pool.query('truncate mcp_credential, mcp_sign_in, mcp_sign_in_event');
  bed.authority.tokenRequests.length = 0;
  bed.authority.clients.add({ id: 'machine', secret: 'machine-secret', redirectUris: [] });
});
afterAll(() => {
  certificates.remove();
  stranger.remove();
});

const configure = (auth: Record<string, unknown>, tls: Record<string, unknown>, url = bed.box.url) =>
  bed.configure({ box: { transport: bed.transport(auth, { ...tls, url }) } });

const MACHINE = { grant: 'client_credentials', clientId: 'machine', clientSecret: 'machine-secret' };

async function useTools<T>(use: (toolbox: Toolbox) => T | Promise<T>): Promise<T> {
  const { kernel } = bed.web;
  const config = kernel.config.current();
  const toolbox = await openToolbox({
    servers: config.mcpServers,
    env: process.env,
    executionId: 'e1',
    signal: new AbortController().signal,
    tokensFor: (server) => tokenSourceFor(kernel, { config, server, actsFor: null }),
    logger: pino({ level: 'silent' }),
  });
  try {
    return await use(toolbox);
  } finally {
    await toolbox.close();
  }
}
const whyNot = () => useTools(({ unavailable }) => unavailable.map(({ error }) => error));
const signOutOfBox = () =>
  signOut(bed.web.kernel, { server: 'box', of: 'installation', actor: 'a person', userId: null });

test('a person signs in, the token is renewed, and signing out revokes it', async () => {
  await configure({}, { caFile });
  expect(await (await bed.person()).signIn('box')).toContain('signIn=connected');
  bed.authority.grants.expireAccess();
  expect(await whyNot()).toEqual([]);
  expect(bed.authority.tokenRequests).toEqual(['authorization_code', 'refresh_token']);
  const token = bed.box.tokens.at(-1) ?? '';
  expect(await signOutOfBox()).toEqual({ server: 'box', revoked: true });
  expect(bed.authority.grants.accepts(token, bed.box.url)).toBe(false);
});

test('TARS signs in by itself, also without a look at the certificate', async () => {
  for (const tls of [{ caFile }, { tlsVerify: false }]) {
    await configure({ ...MACHINE, issuer: bed.authority.url }, tls);
    expect(await whyNot()).toEqual([]);
    await bed.database.pool.query('truncate mcp_credential');
  }
  expect(bed.authority.tokenRequests).toEqual(['client_credentials', 'client_credentials']);
});

test('an authorization server with the certificate of a stranger is shown nothing', async () => {
  await configure(MACHINE, { caFile: stranger.caFile });
  expect(await whyNot()).toEqual([expect.stringContaining('the authorization server')]);
  const { message } = await (await bed.person()).call('mcpServers.startSignIn', { server: 'box' });
  expect(message).toContain('box');
  expect(bed.authority.tokenRequests).toEqual([]);
});

test('what is configured for another address by now does not vouch for the old one', async () => {
  await configure({}, { caFile });
  await (await bed.person()).signIn('box');
  expect(await whyNot()).toEqual([]);
  const token = bed.box.tokens.at(-1) ?? '';
  await configure({}, { tlsVerify: false }, 'https://127.0.0.1:9/mcp');
  await signOutOfBox();
  // Whoever answers there now has not been shown it.
  expect(bed.authority.grants.accepts(token, bed.box.url)).toBe(true);
});
