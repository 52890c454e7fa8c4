import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useTestDatabase } from '#test/postgres.ts';
import { runTars } from '#test/run-tars.ts';

/** The real commands on a real database, without a server. */
const db = useTestDatabase();
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tars-member-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const tars = (...args: string[]) =>
  runTars(args, {
    DATABASE_URL: db.url,
    TARS_DATA_DIR: directory,
    TARS_CONFIG: directory,
    GITHUB_CLIENT_ID: 'id',
    GITHUB_CLIENT_SECRET: 'secret',
  });

test('a project is made with its administrator, and its members are managed', async () => {
  expect(await tars('project', 'create', 'shop', '--admin', 'Ada')).toMatchObject({
    code: 0,
    out: 'Created project shop.\n',
  });
  expect(
    await tars('member', 'add', 'bob@example.test', '--role', 'viewer', '--project', 'shop'),
  ).toMatchObject({
    code: 0,
    out: 'bob@example.test is viewer from their first sign-in on.\n',
  });
  expect((await tars('member', 'role', 'ada', '--role', 'operator', '--project', 'shop')).out).toBe(
    'github:ada is operator.\n',
  );
  expect((await tars('member', 'list', '--project', 'shop')).out.split('\n')).toEqual([
    'admin     Administrator       one-time links',
    'operator  github:ada          invited',
    'viewer    bob@example.test    invited',
    '',
  ]);
  expect((await tars('member', 'remove', 'ada', '--project', 'shop')).out).toBe(
    'github:ada does not belong to shop any more.\n',
  );
  const last = await tars('member', 'remove', 'local:admin', '--project', 'shop');
  expect([last.code, last.err]).toEqual([1, expect.stringContaining('last administrator')]);
  const unknown = await tars('member', 'remove', 'eve', '--project', 'shop', '--json');
  expect([unknown.code, unknown.err]).toEqual([
    1,
    expect.stringContaining('Nobody in this project is called eve'),
  ]);
}, 60_000);

test('keys are made with an end, listed and revoked', async () => {
  const made = JSON.parse(
    (await tars('key', 'create', '--name', 'ci', '--scope', 'alerts', '--expires', '90d', '--json')).out,
  );
  expect(made).toMatchObject({
    key: expect.stringMatching(/^tars_/),
    expiresAt: expect.stringMatching(/Z$/),
  });
  expect((await tars('key', 'list')).out).toContain(`${made.key.slice(0, 12)}…  alerts  ci  until `);
  expect((await tars('key', 'revoke', made.key.slice(0, 12))).out).toBe('Revoked ci.\n');
  expect(JSON.parse((await tars('key', 'list', '--json')).out)).toMatchObject({
    items: [{ name: 'ci', createdBy: 'command line', revokedAt: expect.any(String) }],
  });
  expect((await tars('key', 'revoke', 'tars_nothing')).code).toBe(1);
  expect((await tars('key', 'create', '--name', 'ci', '--scope', 'alerts', '--expires', 'soon')).code).toBe(
    2,
  );
}, 60_000);
