import { beforeAll, expect, test } from 'vitest';
import { useSignInBed } from '#test/authorization-server/sign-in-bed.ts';
import { runTars } from '#test/run-tars.ts';

const bed = useSignInBed();
let key: string;
beforeAll(async () => {
  key = await bed.web.key(bed.projectId, 'admin');
  await bed.configure({
    box: { transport: bed.transport() },
    plain: { transport: { type: 'stdio', command: 'true' } },
  });
});

const tars = (...args: string[]) => runTars([...args, '--url', bed.web.url, '--key', key]);

test('mcp list shows servers and sign-ins, mcp logout ends one', async () => {
  expect((await tars('mcp', 'list')).out.split('\n').slice(0, 2)).toEqual([
    'box    needs_sign_in  not signed in  needs sign-in: nobody has connected it yet.',
    'plain  unknown        no sign-in',
  ]);
  await (await bed.person()).signIn('box');
  expect((await tars('mcp', 'list')).out).toContain('signed in by A person');
  const json = await tars('mcp', 'list', '--json');
  expect(JSON.parse(json.out)).toMatchObject({
    items: [{ name: 'box', signIn: { state: 'signed_in' } }, {}],
  });
  for (const secret of bed.authority.grants.issued) expect(json.out).not.toContain(secret);

  expect(await tars('mcp', 'logout', 'box')).toMatchObject({ code: 0, out: 'Signed out of box.\n' });
  const again = await tars('mcp', 'logout', 'box');
  expect(again.code).toBe(1);
  expect(again.err).toContain('Nobody is signed in to "box".');
});
