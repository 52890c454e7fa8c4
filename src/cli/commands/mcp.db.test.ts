import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { beforeAll, expect, test } from 'vitest';
import { useSignInBed } from '#test/authorization-server/sign-in-bed.ts';

const bed = useSignInBed();
let key: string;
beforeAll(async () => {
  key = await bed.web.key(bed.projectId, 'admin');
  await bed.configure({
    box: { transport: bed.transport() },
    plain: { transport: { type: 'stdio', command: 'true' } },
  });
});

async function tars(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, ['bin/tars.mjs', ...args, '--url', bed.web.url, '--key', key]);
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const [code] = await once(child, 'close');
  return { code: Number(code), out, err };
}

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
