import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeConfig } from '#test/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { runTars } from '#test/run-tars.ts';
import { rowsOf } from '#test/runs.ts';
import { startTestWeb, type TestWeb } from '#test/web/start-test-web.ts';

const db = useTestDatabase();
let web: TestWeb;
let configDir: string;
let key: string;
beforeAll(async () => {
  configDir = await writeConfig(
    {},
    { 'runbooks/shop/checkout.md': '# Checkout', 'runbooks/storage.md': '# Storage' },
  );
  web = await startTestWeb(db.database, { configDir, env: { TARS_CONFIG: configDir } });
  key = await web.key(await web.project('acme'), 'operator');
});
afterAll(() => web.close());

const tars = (...args: string[]) =>
  runTars([...args, '--url', web.url, '--key', key], { TARS_DATA_DIR: configDir, TARS_CONFIG: configDir });

const alertFile = async (name: string, content: unknown): Promise<string> => {
  const path = join(configDir, name);
  await writeFile(path, JSON.stringify(content));
  return path;
};

test('runbook list prints what an alert can be given', async () => {
  const { code, out } = await tars('runbook', 'list', '-q', 'shop');
  expect({ code, out }).toEqual({ code: 0, out: 'shop/checkout.md  shop/checkout.md\n' });
  const json = await tars('runbook', 'list', '--json');
  expect(JSON.parse(json.out)).toMatchObject({
    items: [{ name: 'checkout' }, { name: 'storage' }],
    nextCursor: null,
  });
});

test('alert send --runbook gives one to the alert, and is stronger than the file', async () => {
  const file = await alertFile('alert.json', { data: 'down', runbook: 'shop/checkout.md' });
  const { code, out } = await tars('alert', 'send', file, '--runbook', 'storage.md', '--json');
  expect(code).toBe(0);
  const [session] = await rowsOf<{ runbook: string }>(
    db.database,
    'select runbook from session where id = $1',
    [JSON.parse(out).sessionId],
  );
  expect(session?.runbook).toBe('storage.md');
});

test('one that cannot be used is named, and so is the way for webhooks', async () => {
  const file = await alertFile('plain.json', { data: 'down' });
  const refused = await tars('alert', 'send', file, '--runbook', 'https://evil.example/a.md');
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('runbooks.allowedDomains') });
  const webhook = await alertFile('webhook.json', { version: '4', alerts: [] });
  const wrong = await tars('alert', 'send', webhook, '--runbook', 'storage.md');
  expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('runbook_url') });
});
