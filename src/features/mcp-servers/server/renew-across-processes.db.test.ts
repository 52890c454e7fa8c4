import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { childEnvironment } from '#src/server/mcp/child-environment.ts';
import { useSignInBed } from '#test/authorization-server/sign-in-bed.ts';
import { writeConfig } from '#test/kernel.ts';
import { AUTH_SECRET } from '#test/web/start-test-web.ts';

const CALL_WITH_TOKEN = fileURLToPath(
  new URL('../../../../test/authorization-server/call-with-token.ts', import.meta.url),
);

const bed = useSignInBed();
const children: ChildProcess[] = [];

beforeEach(async () => {
  await bed.configure({ box: { transport: bed.transport() } });
  await (await bed.person()).signIn('box');
  bed.authority.tokenRequests.length = 0;
});
afterEach(async () => {
  bed.authority.beforeToken = null;
  const running = children
    .splice(0)
    .filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  await Promise.all(
    running.map((child) => {
      child.kill('SIGKILL');
      return once(child, 'exit');
    }),
  );
});

/** A process with the tools open. */
async function startProcess() {
  const child = spawn(process.execPath, [CALL_WITH_TOKEN], {
    env: childEnvironment({
      PATH: process.env.PATH ?? '',
      DATABASE_URL: bed.database.url,
      TARS_CONFIG: await writeConfig({ mcpServers: { box: { transport: bed.transport() } } }),
      AUTH_SECRET,
      LOG_LEVEL: 'silent',
    }),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  const lines = () => out.split('\n').filter(Boolean);
  await expect.poll(() => lines()[0], { timeout: 30_000 }).toBe('open');
  return {
    child,
    call: () => child.stdin.write('go\n'),
    answer: async () => {
      await expect.poll(() => lines().length, { timeout: 30_000 }).toBe(2);
      return lines()[1];
    },
  };
}

test('of three processes whose token is refused one renews it', async () => {
  const processes = await Promise.all([startProcess(), startProcess(), startProcess()]);
  bed.authority.grants.expireAccess();
  bed.box.tokens.length = 0;
  // The answer is held back until all of them have been refused.
  bed.authority.beforeToken = () =>
    expect.poll(() => bed.box.tokens.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(3);
  for (const { call } of processes) call();
  expect(await Promise.all(processes.map(({ answer }) => answer()))).toEqual(['3', '3', '3']);
  expect(bed.authority.tokenRequests).toEqual(['refresh_token']);
  expect(bed.authority.grants.reused).toBe(0);
}, 60_000);

test('a process that is killed while it renews holds nobody up', async () => {
  const [first, second] = await Promise.all([startProcess(), startProcess()]);
  bed.authority.grants.expireAccess();
  const asked = Promise.withResolvers<void>();
  bed.authority.beforeToken = async () => {
    bed.authority.beforeToken = null;
    asked.resolve();
    await once(first.child, 'exit');
    throw new Error('whoever asked is gone');
  };
  first.call();
  await asked.promise;
  second.call();
  first.child.kill('SIGKILL');
  expect(await second.answer()).toBe('3');
  expect(bed.authority.tokenRequests).toEqual(['refresh_token', 'refresh_token']);
}, 60_000);
