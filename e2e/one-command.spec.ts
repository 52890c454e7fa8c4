import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort, processesMentioning, type RunningCommand, runCommand } from './fixtures/processes.ts';

/** The commands themselves, without a browser: what they print, how they end, and what they leave behind. */

const dirs = { data: '' };
test.beforeEach(() => {
  dirs.data = mkdtempSync(join(tmpdir(), 'tars-command-'));
});
test.afterEach(() => rmSync(dirs.data, { recursive: true, force: true }));

const environment = async () => ({ TARS_PORT: String(await freePort()), TARS_DATA_DIR: dirs.data });
const lastLine = (command: RunningCommand): unknown =>
  JSON.parse(command.stdout().trim().split('\n').at(-1) ?? '');

test('TARS_DEMO_EXIT=1 prints the finished session, leaves nothing running, and can be repeated', async () => {
  const env = { ...(await environment()), TARS_DEMO_EXIT: '1' };
  const ids: unknown[] = [];
  for (let run = 0; run < 2; run++) {
    const command = runCommand('npm', ['run', 'demo'], env);
    expect(await command.ended, command.output()).toBe(0);
    const session = lastLine(command);
    expect(session).toMatchObject({
      status: 'completed',
      finalAnalysis: expect.stringContaining('DATABASE_URL'),
    });
    if (typeof session === 'object' && session !== null && 'id' in session) ids.push(session.id);
    expect(processesMentioning(dirs.data)).toEqual([]);
  }
  expect(new Set(ids).size).toBe(2);
  expect(statSync(join(dirs.data, 'demo-api-key')).mode & 0o777).toBe(0o600);
});

test('a taken port is one clear line and nothing runs', async () => {
  const env = await environment();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(Number(env.TARS_PORT), '127.0.0.1', resolve));
  const command = runCommand('npm', ['run', 'demo'], env);
  expect(await command.ended).toBe(1);
  expect(command.output()).toContain(`Port ${env.TARS_PORT} on 127.0.0.1 is taken`);
  expect(command.output()).not.toContain('    at ');
  expect(processesMentioning(dirs.data)).toEqual([]);
  await new Promise((resolve) => server.close(resolve));
});

test('npm start restarts a killed web and worker, and ends everything on SIGTERM', async () => {
  const env = await environment();
  const command = runCommand('npm', ['start'], env);
  const [, link] = await command.waitFor(/First start\. Sign in once, .*(http:\S+\/login\/\S+)/);
  expect(link).toContain(`127.0.0.1:${env.TARS_PORT}`);
  for (const program of ['web', 'worker']) {
    const [, pid] = await command.waitFor(new RegExp(`"program":"${program}","pid":(\\d+),"msg":"started"`));
    process.kill(Number(pid), 'SIGKILL');
    await command.waitFor(
      new RegExp(
        `"program":"${program}"[^\\n]*"restartInMs"[^\\n]*\\n[\\s\\S]*"program":"${program}","pid":\\d+,"msg":"started"`,
      ),
    );
  }
  const health = `http://127.0.0.1:${env.TARS_PORT}/api/health`;
  await expect
    .poll(
      async () =>
        (
          await fetch(health).then(
            (response) => response.json(),
            () => undefined,
          )
        )?.status,
      { timeout: 60_000 },
    )
    .toBe('ok');
  command.child.kill('SIGTERM');
  await command.ended;
  expect(processesMentioning(dirs.data)).toEqual([]);
});

test('a killed supervisor takes everything along', async () => {
  const command = runCommand(process.execPath, ['bin/tars.mjs', 'up'], await environment());
  await command.waitFor(/First start/);
  command.child.kill('SIGKILL');
  await expect.poll(() => processesMentioning(dirs.data), { timeout: 60_000 }).toEqual([]);
});
