import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeConfig } from '#test/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { runTars } from '#test/run-tars.ts';
import { startTestWeb, type TestWeb } from '#test/web/start-test-web.ts';

const db = useTestDatabase();
let web: TestWeb;
let configDir: string;
const keys: Record<string, string> = {};
beforeAll(async () => {
  configDir = await writeConfig({
    checks: {
      shop: {
        schedule: '0 6 * * *',
        timezone: 'Europe/Berlin',
        project: 'acme',
        question: 'Look at the shop.',
      },
      elsewhere: { schedule: '* * * * *', project: 'other', question: 'Look.' },
    },
  });
  web = await startTestWeb(db.database, { configDir, env: { TARS_CONFIG: configDir } });
  const acme = await web.project('acme');
  keys.operator = await web.key(acme, 'operator');
  keys.viewer = await web.key(acme, 'viewer');
});
afterAll(() => web.close());

const tars = (key: string | undefined, ...args: string[]) =>
  runTars(['check', ...args, '--url', web.url, '--key', key ?? ''], {
    TARS_DATA_DIR: configDir,
    TARS_CONFIG: configDir,
  });

test("a viewer lists the project's own checks, and commands none", async () => {
  const { code, out } = await tars(keys.viewer, 'list');
  expect(code).toBe(0);
  expect(out).toMatch(/^shop {2}Every day at 06:00 {2}next \S+Z {2}no outcome yet\n$/);
  expect(await tars(keys.viewer, 'run', 'shop')).toMatchObject({
    code: 1,
    err: expect.stringContaining('operator'),
  });
});

test('an operator pauses, resumes and runs; a second run is refused while the first is open', async () => {
  expect((await tars(keys.operator, 'pause', 'shop')).out).toMatch(/^shop: paused by key:/);
  expect((await tars(keys.operator, 'resume', 'shop')).out).toMatch(/^shop: next /);
  const run = await tars(keys.operator, 'run', 'shop', '--json');
  expect(JSON.parse(run.out)).toMatchObject({ sessionId: expect.any(String) });
  expect(await tars(keys.operator, 'run', 'shop')).toMatchObject({
    code: 1,
    err: expect.stringContaining('has not ended'),
  });
  expect((await tars(keys.operator, 'run', 'elsewhere')).code).toBe(1);
});
