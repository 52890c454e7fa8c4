import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Kernel } from '#src/server/kernel.ts';
import type { Toolbox } from '#src/server/mcp/index.ts';
import { addOneAndTwo, openBoxTools } from '#test/authorization-server/open-box-tools.ts';
import { useSignInBed } from '#test/authorization-server/sign-in-bed.ts';
import { findInDatabase } from '#test/dump-database.ts';
import { rowsOf } from '#test/runs.ts';
import { listMcpServers } from './list-mcp-servers.ts';
import { lockCredential } from './store-credential.ts';
import { tokenSourceFor } from './token-source.ts';

const bed = useSignInBed();
const open: Toolbox[] = [];

beforeEach(async () => {
  const { authority, database } = bed;
  await database.pool.query('truncate mcp_credential, mcp_sign_in, mcp_sign_in_event');
  Object.assign(authority, { consent: 'allow', beforeToken: null, registers: true });
  Object.assign(authority.grants, { lifetimeSeconds: 3_600, refreshable: true, reused: 0 });
  authority.failWith(null);
  authority.tokenRequests.length = 0;
  authority.authorizations.length = 0;
  bed.box.tokens.length = 0;
  await bed.configure({ box: { transport: bed.transport() } });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((toolbox) => toolbox.close()));
  // A renewal that was under way belongs to the test that caused it.
  await bed.database.transaction((sql) => lockCredential(sql, { server: 'box', holder: '' }));
});

/** The tools of an execution of a process, as agents have them. */
async function openTools(kernel: Kernel = bed.web.kernel): Promise<Toolbox> {
  const toolbox = await openBoxTools(kernel, null);
  open.push(toolbox);
  return toolbox;
}

const sourceOf = (kernel: Kernel) =>
  tokenSourceFor(kernel, { config: bed.web.kernel.config.current(), server: 'box', actsFor: null });

const add = addOneAndTwo;
const why = (toolbox: Toolbox) => toolbox.unavailable.map(({ error }) => error);
const stateOfBox = async () =>
  (await listMcpServers(bed.web.kernel, null)).find(({ name }) => name === 'box');
const history = () =>
  rowsOf<{ action: string; actor: string | null; detail: string | null }>(
    bed.database,
    'select action, actor, detail from mcp_sign_in_event order by created_at, id',
    [],
  );

test('a person signs in, and the tools are there; nothing of it can be read in the database', async () => {
  expect(why(await openTools())).toEqual(['needs sign-in: nobody has connected it yet.']);
  expect(bed.box.tokens).toEqual([]);
  const admin = await bed.person();
  expect(await admin.signIn('box')).toBe('/p/home/system?signIn=connected&server=box');

  const [asked] = bed.authority.authorizations;
  expect(Object.fromEntries(asked ?? [])).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    resource: bed.box.url,
    scope: 'tools',
    redirect_uri: `${bed.web.url}/api/oauth/callback`,
  });
  const toolbox = await openTools();
  expect(toolbox.unavailable).toEqual([]);
  expect(await add(toolbox)).toMatchObject({ status: 'completed', text: '3' });
  expect(await stateOfBox()).toMatchObject({
    signIn: {
      state: 'signed_in',
      connectedBy: 'A person',
      renewable: true,
      history: [{ action: 'connected' }],
    },
  });
  const { issued } = bed.authority.grants;
  expect(issued.length).toBeGreaterThan(1);
  expect(await findInDatabase(bed.database, issued)).toEqual([]);
  // The search does find what is there.
  expect(await findInDatabase(bed.database, [bed.box.url])).not.toEqual([]);
});

test('over SSE, too', async () => {
  await bed.configure({ box: { transport: bed.transport({}, { type: 'sse', url: bed.box.sseUrl }) } });
  expect(why(await openTools())).toEqual(['needs sign-in: nobody has connected it yet.']);
  const admin = await bed.person();
  expect(await admin.signIn('box')).toContain('signIn=connected');
  const toolbox = await openTools();
  expect(await add(toolbox)).toMatchObject({ status: 'completed', text: '3' });
  bed.authority.grants.expireAccess();
  expect(await add(toolbox)).toMatchObject({ status: 'completed', text: '3' });
  bed.authority.grants.endAll();
  expect((await add(toolbox)).text).toContain('needs sign-in: the last sign-in has ended.');
  expect(why(await openTools())).toEqual(['needs sign-in: the last sign-in has ended.']);
});

test('the registration is used again, and made anew when the authorization server refuses the client', async () => {
  const admin = await bed.person();
  const before = bed.authority.clients.registered.length;
  await admin.signIn('box');
  expect(await admin.signIn('box')).toContain('signIn=connected');
  expect(bed.authority.clients.registered).toHaveLength(before + 1);
  bed.authority.clients.forget();
  bed.authority.grants.expireAccess();
  expect(why(await openTools())).toEqual(['needs sign-in: the last sign-in has ended.']);
  expect(await admin.signIn('box')).toContain('signIn=connected');
  expect(bed.authority.clients.registered).toHaveLength(before + 2);
  expect((await openTools()).unavailable).toEqual([]);
});

test('a token that has run out is renewed once, whoever needs it: two processes, eight executions', async () => {
  bed.authority.grants.lifetimeSeconds = 1;
  await (await bed.person()).signIn('box');
  bed.authority.grants.lifetimeSeconds = 3_600;
  const kernels = [bed.web.kernel, bed.otherKernel()];
  const boxes = await Promise.all(
    kernels.flatMap((kernel) => Array.from({ length: 4 }, () => openTools(kernel))),
  );
  const calls = await Promise.all(boxes.map(add));
  expect(calls.map(({ status }) => status)).toEqual(Array(8).fill('completed'));
  expect(bed.authority.tokenRequests).toEqual(['authorization_code', 'refresh_token']);
  expect(bed.authority.grants.reused).toBe(0);
});

test('a token that the server refuses is renewed once, in the middle of running executions', async () => {
  await (await bed.person()).signIn('box');
  const kernels = [bed.web.kernel, bed.otherKernel()];
  const boxes = await Promise.all(kernels.flatMap((kernel) => [openTools(kernel), openTools(kernel)]));
  bed.authority.grants.expireAccess();
  const calls = await Promise.all([...boxes, ...boxes].map(add));
  expect(calls.map(({ status }) => status)).toEqual(Array(8).fill('completed'));
  expect(bed.authority.tokenRequests).toEqual(['authorization_code', 'refresh_token']);
  expect(bed.authority.grants.reused).toBe(0);
  expect((await stateOfBox())?.signIn?.connectedBy).toBe('A person');
});

test('the new token is committed before it is used', async () => {
  await (await bed.person()).signIn('box');
  bed.authority.grants.expireAccess();
  // Whoever dies right after the answer has left nothing that the next one could not read.
  await openTools();
  const used = bed.box.tokens.at(-1);
  const source = sourceOf(bed.otherKernel());
  expect(await source?.current()).toBe(used);
});

test('a refused renewal ends the sign-in until somebody signs in again', async () => {
  const admin = await bed.person();
  await admin.signIn('box');
  const running = await openTools();
  bed.authority.grants.endAll();
  const call = await add(running);
  expect(call).toMatchObject({ status: 'failed', errorCode: 'needs_sign_in' });
  expect(call.text).toBe('Server "box" needs sign-in: the last sign-in has ended.');
  expect(why(await openTools())).toEqual(['needs sign-in: the last sign-in has ended.']);
  // The authorization server is not asked again for what it has refused.
  expect(bed.authority.tokenRequests).toEqual(['authorization_code', 'refresh_token']);
  expect(await stateOfBox()).toMatchObject({
    status: 'needs_sign_in',
    error: 'needs sign-in: the last sign-in has ended.',
    signIn: {
      state: 'needs_sign_in',
      history: [{ action: 'refused', actor: null }, { action: 'connected' }],
    },
  });
  expect(await admin.signIn('box')).toContain('signIn=connected');
  expect(await add(running)).toMatchObject({ status: 'completed' });
});

test('an authorization server that cannot answer ends nothing, and what it repeats is not passed on', async () => {
  await (await bed.person()).signIn('box');
  bed.authority.grants.expireAccess();
  bed.authority.failWith(503);
  expect(why(await openTools())).toEqual(['the authorization server cannot answer now']);
  expect(await stateOfBox()).toMatchObject({ signIn: { state: 'signed_in' } });
  bed.authority.failWith(null);
  expect((await openTools()).unavailable).toEqual([]);
  expect(await findInDatabase(bed.database, bed.authority.grants.issued)).toEqual([]);
});

test('a token that cannot be renewed ends when it runs out', async () => {
  Object.assign(bed.authority.grants, { refreshable: false, lifetimeSeconds: 1 });
  await (await bed.person()).signIn('box');
  const source = sourceOf(bed.web.kernel);
  await bed.database.pool.query(`update mcp_credential set expires_at = now() - interval '1 second'`);
  await expect(source?.current()).rejects.toThrow('needs sign-in: the last sign-in has ended.');
});

test('a server whose address has changed is not sent the token of the old one', async () => {
  await (await bed.person()).signIn('box');
  await bed.configure({ box: { transport: bed.transport({}, { url: `${bed.box.url}?tenant=2` }) } });
  const toolbox = await openTools();
  expect(why(toolbox)).toEqual([
    'needs sign-in: its address or its authorization server has changed since it was connected.',
  ]);
  expect(bed.box.tokens).toEqual([]);
});

test('nor is it sent for another client or another authorization server', async () => {
  await (await bed.person()).signIn('box');
  for (const auth of [{ clientId: 'another' }, { issuer: 'https://login.example' }]) {
    await bed.configure({ box: { transport: bed.transport(auth) } });
    expect(why(await openTools())).toEqual([expect.stringMatching(/^needs sign-in: its .* has changed/)]);
  }
  expect(bed.box.tokens).toEqual([]);
});

test('denied, wrong state, used twice, too late, and somebody else', async () => {
  const [admin, other] = [await bed.person(), await bed.person()];
  bed.authority.consent = 'deny';
  expect(await admin.signIn('box')).toBe('/p/home/system?signIn=denied&server=box');
  bed.authority.consent = 'allow';

  const url = await admin.startSignIn('box');
  const forged = new URL(url);
  forged.searchParams.set('state', 'made-up');
  expect(await admin.comeBack(forged.href)).toBe('/p/home/system?signIn=unknown');
  expect(await other.comeBack(url)).toBe('/p/home/system?signIn=unknown');
  expect(await admin.comeBack(url)).toContain('signIn=connected');
  expect(await admin.comeBack(url)).toBe('/p/home/system?signIn=unknown');

  const late = await admin.startSignIn('box');
  await bed.database.pool.query(`update mcp_sign_in set expires_at = now() - interval '1 second'`);
  expect(await admin.comeBack(late)).toBe('/p/home/system?signIn=expired&server=box');
  expect((await history()).map(({ action }) => action)).toEqual(['denied', 'connected', 'failed']);
});

test('a code that is refused, a configuration that has changed, an answer of another authorization server', async () => {
  const admin = await bed.person();
  const refused = await admin.startSignIn('box');
  bed.authority.failWith(500);
  expect(await admin.comeBack(refused)).toBe('/p/home/system?signIn=failed&server=box');
  bed.authority.failWith(null);

  const url = await admin.startSignIn('box');
  const consent = await fetch(url, { redirect: 'manual' });
  const back = new URL(consent.headers.get('location') ?? '');
  back.searchParams.set('iss', 'https://evil.example');
  const answer = await fetch(back, { headers: { cookie: admin.cookie }, redirect: 'manual' });
  expect(answer.headers.get('location')).toBe('/p/home/system?signIn=failed&server=box');

  const outdated = await admin.startSignIn('box');
  await bed.configure({ box: { transport: bed.transport({}, { url: `${bed.box.url}?tenant=2` }) } });
  expect(await admin.comeBack(outdated)).toBe('/p/home/system?signIn=changed&server=box');
  expect((await history()).map(({ detail }) => detail)).toEqual([
    'the authorization server cannot answer now',
    'the answer came from another authorization server',
    'its configuration was changed meanwhile',
  ]);
  expect(bed.authority.tokenRequests).toEqual(['authorization_code']);
});

test('only administrators start a sign-in, and nobody comes back without being signed in', async () => {
  const operator = await bed.person('operator');
  expect((await operator.call('mcpServers.startSignIn', { server: 'box' })).status).toBe(403);
  const admin = await bed.person();
  expect((await admin.call('mcpServers.startSignIn', { server: 'nothing' })).status).toBe(404);
  const back = await fetch(`${bed.web.url}/api/oauth/callback?state=x&code=y`, { redirect: 'manual' });
  expect(back.headers.get('location')).toBe('/sign-in');
});

test('without registration the message says what to do, and a configured client is used', async () => {
  bed.authority.registers = false;
  const admin = await bed.person();
  const { status, message } = await admin.call('mcpServers.startSignIn', { server: 'box' });
  expect(status).toBe(400);
  expect(message).toContain(`registers no clients by itself`);
  expect(message).toContain(`${bed.web.url}/api/oauth/callback`);

  const redirectUris = [`${bed.web.url}/api/oauth/callback`];
  bed.authority.clients.add({ id: 'tars', secret: 'the-secret-of-tars', redirectUris });
  const auth = {
    clientId: 'tars',
    clientSecret: 'the-secret-of-tars',
    issuer: bed.authority.url,
    scopes: ['read', 'write'],
  };
  await bed.configure({ box: { transport: bed.transport(auth) } });
  expect(await admin.signIn('box')).toContain('signIn=connected');
  expect(bed.authority.authorizations.at(-1)?.get('scope')).toBe('read write');
  bed.authority.grants.expireAccess();
  expect((await openTools()).unavailable).toEqual([]);
  expect(await findInDatabase(bed.database, ['the-secret-of-tars'])).toEqual([]);
});

test('client_credentials need nobody; the secret stays with the authorization server of the first time', async () => {
  bed.authority.clients.add({ id: 'machine', secret: 'machine-secret', redirectUris: [] });
  const auth = { grant: 'client_credentials', clientId: 'machine', clientSecret: 'machine-secret' };
  await bed.configure({ box: { transport: bed.transport(auth) } });
  const kernels = [bed.web.kernel, bed.otherKernel()];
  const boxes = await Promise.all(kernels.flatMap((kernel) => [openTools(kernel), openTools(kernel)]));
  expect((await Promise.all(boxes.map(add))).map(({ text }) => text)).toEqual(['3', '3', '3', '3']);
  expect(bed.authority.tokenRequests).toEqual(['client_credentials']);
  bed.authority.grants.endAll();
  expect((await Promise.all(boxes.map(add))).map(({ text }) => text)).toEqual(['3', '3', '3', '3']);
  expect(bed.authority.tokenRequests).toEqual(['client_credentials', 'client_credentials']);
  expect(await stateOfBox()).toMatchObject({ signIn: { state: 'automatic', connectedBy: null } });

  const admin = await bed.person();
  expect((await admin.call('mcpServers.startSignIn', { server: 'box' })).message).toContain('by itself');
  await bed.configure({ box: { transport: bed.transport({ ...auth, clientSecret: 'wrong' }) } });
  bed.authority.grants.endAll();
  expect(why(await openTools())).toEqual([
    'its client was refused: the authorization server answered invalid_client',
  ]);
});

test('signing out forgets, revokes and is written down; running executions are without it at once', async () => {
  const admin = await bed.person();
  await admin.signIn('box');
  const running = await openTools();
  const token = bed.box.tokens.at(-1) ?? '';
  expect(bed.authority.grants.accepts(token, bed.box.url)).toBe(true);
  const operator = await bed.person('operator');
  expect((await operator.call('mcpServers.signOut', { server: 'box' })).status).toBe(403);
  const key = await bed.web.key(bed.projectId, 'admin');
  const out = () =>
    fetch(`${bed.web.url}/api/v1/mcp-servers/box/sign-out`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
    });
  expect(await (await out()).json()).toEqual({ server: 'box', revoked: true });
  expect(bed.authority.grants.accepts(token, bed.box.url)).toBe(false);
  expect((await add(running)).text).toContain('needs sign-in: nobody has connected it yet.');
  expect((await out()).status).toBe(409);
  expect(await history()).toMatchObject([
    { action: 'connected' },
    { action: 'disconnected', actor: 'key:admin' },
  ]);
});

test('a server that repeats the token it was shown does not get it into an error', async () => {
  await (await bed.person()).signIn('box');
  // The server now wants tokens for another resource than the authorization server issues.
  const strict = bed.authority.grants.accepts;
  bed.authority.grants.accepts = () => false;
  try {
    const [reason] = why(await openTools());
    expect(reason).toBe('needs sign-in: the server does not accept the present one.');
    expect(bed.authority.tokenRequests).toEqual(['authorization_code', 'refresh_token']);
  } finally {
    bed.authority.grants.accepts = strict;
  }
});
