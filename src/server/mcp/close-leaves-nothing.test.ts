import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { childrenOf, eventually, processesWithEnvironment } from '#test/mcp-servers/find-processes.ts';
import { FIXTURE_MARK, stdioFixture } from '#test/mcp-servers/fixture-config.ts';
import { startHttpFixture } from '#test/mcp-servers/start-http-fixture.ts';
import { openToolbox } from './open-toolbox.ts';

const logger = pino({ level: 'silent' });

function open(config: ReturnType<typeof stdioFixture>['config'], signal = new AbortController().signal) {
  return openToolbox({ servers: { box: config }, env: process.env, executionId: 'e1', signal, logger });
}

const alive = (mark: string) => processesWithEnvironment(FIXTURE_MARK, mark);

describe.skipIf(process.platform !== 'linux')('after closing', () => {
  const cases: { name: string; env: Record<string, string>; processes: number }[] = [
    { name: 'a well-behaved server', env: {}, processes: 1 },
    { name: 'a server that ignores stdin and SIGTERM', env: { FIXTURE_STUBBORN: '1' }, processes: 1 },
    { name: 'a server with a stubborn child of its own', env: { FIXTURE_GRANDCHILD: '1' }, processes: 2 },
  ];

  it.each(cases)('nothing of $name is left', async ({ env, processes }) => {
    const before = childrenOf(process.pid).length;
    const { config, mark } = stdioFixture(env);
    const toolbox = await open(config);
    expect(toolbox.unavailable).toEqual([]);
    expect(alive(mark).length).toBe(processes);
    await toolbox.close();
    await eventually(() => alive(mark).length === 0, 'no process of the server left');
    await eventually(() => childrenOf(process.pid).length === before, 'no child of ours left');
  });

  it('nothing is left when a call is under way, and the call ends as cancelled', async () => {
    const { config, mark } = stdioFixture();
    const toolbox = await open(config);
    const signal = new AbortController().signal;
    const pending = toolbox.call({ wireName: 'box__slow', arguments: { ms: 60_000 }, signal });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await toolbox.close();
    expect((await pending).status).toBe('cancelled');
    expect(alive(mark)).toEqual([]);
    const late = await toolbox.call({ wireName: 'box__echo', arguments: { text: 'x' }, signal });
    expect(late.status).toBe('cancelled');
    expect(alive(mark)).toEqual([]);
  });

  it('nothing is left when the signal of the toolbox aborts', async () => {
    const { config, mark } = stdioFixture({ FIXTURE_GRANDCHILD: '1' });
    const abort = new AbortController();
    await open(config, abort.signal);
    abort.abort();
    await eventually(() => alive(mark).length === 0, 'no process left');
  });

  it('nothing is left when the signal aborts while the toolbox opens', async () => {
    const { config, mark } = stdioFixture({ FIXTURE_HANG_AT_START: '1' });
    const abort = new AbortController();
    const opening = open(config, abort.signal);
    await eventually(() => alive(mark).length === 1, 'the server started');
    abort.abort(new Error('stop'));
    await expect(opening).rejects.toThrow('stop');
    expect(alive(mark)).toEqual([]);
  });

  it('nothing is left of a server that crashed but left a child behind', async () => {
    const { config, mark } = stdioFixture({ FIXTURE_GRANDCHILD: '1' });
    const toolbox = await open(config);
    const signal = new AbortController().signal;
    await toolbox.call({ wireName: 'box__crash', arguments: {}, signal });
    await eventually(() => alive(mark).length === 0, 'the crashed servers and their children are gone');
    await toolbox.close();
  });

  it('the sessions of an HTTP server are ended', async () => {
    const fixture = await startHttpFixture();
    const servers = {
      http: { transport: { type: 'http' as const, url: fixture.url, headers: {} } },
      sse: { transport: { type: 'sse' as const, url: fixture.sseUrl, headers: {} } },
    };
    const signal = new AbortController().signal;
    const toolbox = await openToolbox({ servers, env: process.env, executionId: 'e1', signal, logger });
    expect(fixture.sessionCount()).toBe(2);
    await toolbox.close();
    await eventually(() => fixture.sessionCount() === 0, 'no session left');
    await fixture.close();
  });
});

describe.skipIf(process.platform !== 'linux')('when the owner is killed', () => {
  const cases: { name: string; env: Record<string, string> }[] = [
    { name: 'a well-behaved server', env: {} },
    {
      name: 'a stubborn server with a stubborn child',
      env: { FIXTURE_STUBBORN: '1', FIXTURE_GRANDCHILD: '1' },
    },
  ];

  it.each(cases)('$name ends too', async ({ env }) => {
    const { config, mark } = stdioFixture(env);
    const ownerPath = fileURLToPath(new URL('../../../test/mcp-servers/hold-toolbox.ts', import.meta.url));
    const owner = spawn(process.execPath, [ownerPath, JSON.stringify(config)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(owner.stdout, 'data');
    expect(alive(mark).length).toBeGreaterThan(0);
    owner.kill('SIGKILL');
    await eventually(() => alive(mark).length === 0, 'no process of the server left');
  });
});
