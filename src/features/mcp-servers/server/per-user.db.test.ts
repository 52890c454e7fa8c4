import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Toolbox } from '#src/server/mcp/index.ts';
import { addOneAndTwo, openBoxTools } from '#test/authorization-server/open-box-tools.ts';
import { type Person, useSignInBed } from '#test/authorization-server/sign-in-bed.ts';
import { rowsOf } from '#test/runs.ts';
import { listMcpServers } from './list-mcp-servers.ts';
import { watchableServers } from './watchable-servers.ts';

const bed = useSignInBed();
const open: Toolbox[] = [];

beforeEach(async () => {
  await bed.database.pool.query('truncate mcp_credential, mcp_sign_in, mcp_sign_in_event');
  bed.authority.tokenRequests.length = 0;
  bed.authority.authorizations.length = 0;
  bed.box.tokens.length = 0;
  await bed.configure({ box: { transport: bed.transport({ perUser: true }) } });
});
afterEach(() => Promise.all(open.splice(0).map((toolbox) => toolbox.close())));

/** The tools of an execution of what this person has started; null: nobody has. */
async function toolsOf(person: Person | null): Promise<Toolbox> {
  const { kernel } = bed.web;
  const actsFor = person && { userId: person.userId, name: person.name, projectId: bed.projectId };
  const toolbox = await openBoxTools(kernel, actsFor);
  open.push(toolbox);
  return toolbox;
}
const add = addOneAndTwo;
const whyNot = async (person: Person | null) => (await toolsOf(person)).unavailable.map(({ error }) => error);
/** The token that the server was shown when this person's tools were used. */
async function tokenOf(person: Person | null): Promise<string | undefined> {
  const { status } = await add(await toolsOf(person));
  expect(status).toBe('completed');
  return bed.box.tokens.at(-1);
}
const boxFor = async (reader: string | null) =>
  (await listMcpServers(bed.web.kernel, reader)).find(({ name }) => name === 'box');

test('each works with their own rights, and with nobody else’s', async () => {
  const ada = await bed.person('operator', 'Ada');
  const ben = await bed.person('operator', 'Ben');
  expect(await ada.signInMyself('box')).toContain('signIn=connected');
  expect(await whyNot(ben)).toEqual(['needs sign-in: Ben has not signed in to it on the system page.']);
  expect(await ben.signInMyself('box')).toContain('signIn=connected');
  const [first, second] = [await tokenOf(ada), await tokenOf(ben)];
  expect(first).not.toBe(second);
  expect(await tokenOf(ada)).toBe(first);
  // TARS is registered once, whoever signs in.
  expect(new Set(bed.authority.authorizations.map((query) => query.get('client_id'))).size).toBe(1);
});

test('what no person has started uses the installation’s sign-in, and a person never does', async () => {
  const admin = await bed.person('admin', 'Root');
  const ada = await bed.person('operator', 'Ada');
  await ada.signInMyself('box');
  expect(await whyNot(null)).toEqual(['needs sign-in: nobody has connected it yet.']);
  await admin.signIn('box');
  const shared = await tokenOf(null);
  expect(shared).not.toBe(await tokenOf(ada));
  expect(await whyNot(admin)).toEqual(['needs sign-in: Root has not signed in to it on the system page.']);
});

test('a person who may not start investigations any more lends no rights', async () => {
  const ada = await bed.person('operator', 'Ada');
  await ada.signInMyself('box');
  const running = await toolsOf(ada);
  const setRole = (role: string) =>
    bed.database.pool.query('update membership set role = $2::"Role" where user_id = $1', [ada.userId, role]);
  await setRole('viewer');
  expect((await add(running)).text).toContain('Ada may not start investigations in this project any more.');
  await bed.database.pool.query('delete from membership where user_id = $1', [ada.userId]);
  expect(await whyNot(ada)).toEqual([
    'needs sign-in: Ada may not start investigations in this project any more.',
  ]);
});

test('signing out ends one’s own sign-in only, and an administrator’s those of everybody', async () => {
  const admin = await bed.person('admin', 'Root');
  const [ada, ben] = [await bed.person('operator', 'Ada'), await bed.person('operator', 'Ben')];
  await ada.signInMyself('box');
  await ben.signInMyself('box');
  await admin.signIn('box');
  const token = (await tokenOf(ada)) ?? '';
  const shared = await tokenOf(null);
  expect(await ada.call('mcpServers.signMeOut', { server: 'box' })).toMatchObject({
    status: 200,
    data: { revoked: true },
  });
  expect(bed.authority.grants.accepts(token, bed.box.url)).toBe(false);
  expect(await whyNot(ada)).toHaveLength(1);
  expect(await whyNot(ben)).toEqual([]);
  expect(await tokenOf(null)).toBe(shared);
  expect(await ada.call('mcpServers.signMeOut', { server: 'box' })).toMatchObject({
    status: 409,
    message: 'You are not signed in to "box".',
  });
  expect((await ben.call('mcpServers.signOut', { server: 'box', of: 'everybody' })).status).toBe(403);
  expect((await admin.call('mcpServers.signOut', { server: 'box', of: 'everybody' })).status).toBe(200);
  expect(await whyNot(ben)).toHaveLength(1);
  expect(await whyNot(null)).toHaveLength(1);
  expect(await rowsOf(bed.database, 'select server from mcp_credential')).toEqual([]);
});

test('who may sign in, and where', async () => {
  const ada = await bed.person('operator', 'Ada');
  const viewer = await bed.person('viewer', 'Vera');
  expect((await viewer.call('mcpServers.startMySignIn', { server: 'box' })).status).toBe(403);
  expect((await ada.call('mcpServers.startSignIn', { server: 'box' })).status).toBe(403);
  await bed.configure({ box: { transport: bed.transport() } });
  expect(await ada.call('mcpServers.startMySignIn', { server: 'box' })).toMatchObject({
    status: 409,
    message: 'One sign-in at "box" serves everybody; an administrator makes it.',
  });
});

test('a sign-in of one’s own that comes back to a server that has become everybody’s comes to nothing', async () => {
  const ada = await bed.person('operator', 'Ada');
  const { data } = await ada.call('mcpServers.startMySignIn', { server: 'box' });
  await bed.configure({ box: { transport: bed.transport() } });
  expect(await ada.comeBack((data as { url: string }).url)).toContain('signIn=changed');
  expect(await rowsOf(bed.database, 'select server from mcp_credential')).toEqual([]);
});

test('everybody sees how they stand themselves, and of others only how many', async () => {
  const [ada, ben] = [await bed.person('operator', 'Ada'), await bed.person('operator', 'Ben')];
  await ada.signInMyself('box');
  expect(await boxFor(ada.userId)).toMatchObject({
    status: 'per_user',
    error: null,
    signIn: {
      state: 'needs_sign_in',
      history: [],
      perUser: { people: 1, mine: { state: 'signed_in', history: [{ action: 'connected', actor: 'Ada' }] } },
    },
  });
  expect((await boxFor(ben.userId))?.signIn?.perUser).toMatchObject({
    people: 1,
    mine: { state: 'needs_sign_in', why: 'you have not signed in to it.', history: [] },
  });
  const key = await bed.web.key(bed.projectId, 'viewer');
  const response = await fetch(`${bed.web.url}/api/v1/mcp-servers`, {
    headers: { authorization: `Bearer ${key}` },
  });
  const { items } = await response.json();
  expect(items).toMatchObject([{ name: 'box', signIn: { perUser: { people: 1, mine: null } } }]);
});

test('nobody’s rights are used to look whether the server is there', async () => {
  const ada = await bed.person('operator', 'Ada');
  await ada.signInMyself('box');
  const { kernel } = bed.web;
  expect(Object.keys(await watchableServers(kernel, kernel.config.current()))).not.toContain('box');
  await (await bed.person('admin')).signIn('box');
  expect(Object.keys(await watchableServers(kernel, kernel.config.current()))).toContain('box');
});

test('two people’s tokens are renewed beside each other, each once', async () => {
  const people = [await bed.person('operator', 'Ada'), await bed.person('operator', 'Ben')];
  for (const person of people) await person.signInMyself('box');
  bed.authority.grants.expireAccess();
  bed.authority.tokenRequests.length = 0;
  const opened = await Promise.all([...people, ...people].map((person) => toolsOf(person)));
  expect(opened.flatMap(({ unavailable }) => unavailable)).toEqual([]);
  expect(bed.authority.tokenRequests).toEqual(['refresh_token', 'refresh_token']);
  expect(bed.authority.grants.reused).toBe(0);
});
