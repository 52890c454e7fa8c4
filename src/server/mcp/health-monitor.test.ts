import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, processesWithEnvironment } from '#test/mcp-servers/find-processes.ts';
import { FIXTURE_MARK, stdioFixture, urlFixture } from '#test/mcp-servers/fixture-config.ts';
import { FIXTURE_TOOLS } from '#test/mcp-servers/fixture-tools.ts';
import { startHttpFixture } from '#test/mcp-servers/start-http-fixture.ts';
import {
  type HealthMonitor,
  type HealthMonitorOptions,
  nextProbeDelayMs,
  startHealthMonitor,
} from './health-monitor.ts';

const monitors: HealthMonitor[] = [];

afterEach(async () => {
  await Promise.all(monitors.splice(0).map((monitor) => monitor.close()));
});

function start(servers: HealthMonitorOptions['servers'], extra: Partial<HealthMonitorOptions> = {}) {
  const changes: string[] = [];
  const monitor = startHealthMonitor({
    servers,
    env: process.env,
    logger: pino({ level: 'silent' }),
    intervalMs: 50,
    connectTimeoutMs: 10_000,
    onChange: (server, health) => changes.push(`${server} ${health.status}`),
    ...extra,
  });
  monitors.push(monitor);
  const statusOf = (server: string) => monitor.snapshot().find((health) => health.server === server)?.status;
  return { monitor, changes, statusOf };
}

describe('nextProbeDelayMs', () => {
  it.each([
    [0, 15_000],
    [1, 15_000],
    [2, 30_000],
    [3, 60_000],
    [4, 120_000],
    [5, 120_000],
    [500, 120_000],
  ])('after %i failures in a row waits %i ms', (failures, delayMs) => {
    expect(nextProbeDelayMs(failures, 15_000)).toBe(delayMs);
  });
});

describe('the health monitor', () => {
  it('knows nothing at first, then status and tools of every server, and leaves no process', async () => {
    const stdio = stdioFixture();
    const broken = stdioFixture({ FIXTURE_EXIT_AT_START: '1' });
    const masker = { text: (text: string) => text.replaceAll(/hunter2\S*/g, '[gone]') };
    const { monitor, statusOf } = start(
      { good: stdio.config, broken: broken.config },
      { maskerFor: () => masker },
    );
    expect(monitor.snapshot().map(({ status }) => status)).toEqual(['unknown', 'unknown']);
    await eventually(
      () => statusOf('good') === 'healthy' && statusOf('broken') === 'unhealthy',
      'both probed',
    );
    const [good, bad] = monitor.snapshot();
    expect(good?.tools).toContainEqual({
      name: 'write',
      description: expect.stringContaining('Not read-only'),
      readOnly: false,
    });
    expect(good?.checkedAt).toBeInstanceOf(Date);
    expect(bad?.error).toContain('password=[gone]');
    await monitor.close();
    expect(processesWithEnvironment(FIXTURE_MARK, stdio.mark)).toEqual([]);
    expect(processesWithEnvironment(FIXTURE_MARK, broken.mark)).toEqual([]);
  });

  it('sees a server go and come back, and reports each change once', async () => {
    const first = await startHttpFixture();
    const { monitor, changes, statusOf } = start({ box: urlFixture('http', first.url) });
    await eventually(() => statusOf('box') === 'healthy', 'healthy');
    const checkedAt = monitor.snapshot()[0]?.checkedAt?.getTime() ?? 0;
    await eventually(() => (monitor.snapshot()[0]?.checkedAt?.getTime() ?? 0) > checkedAt, 'probed again');
    await first.close();
    await eventually(() => statusOf('box') === 'unhealthy', 'unhealthy');
    expect(monitor.snapshot()[0]?.tools.length).toBe(FIXTURE_TOOLS.length);
    const second = await startHttpFixture({ port: first.port });
    await eventually(() => statusOf('box') === 'healthy', 'healthy again');
    expect(changes[0]).toBe('box healthy');
    expect(changes.at(-1)).toBe('box healthy');
    // A healthy server that was probed several times made one session, not one per probe.
    expect(second.sessionCount()).toBe(1);
    await monitor.close();
    await second.close();
  });

  it('makes a new session when the server forgot the old one', async () => {
    const fixture = await startHttpFixture();
    const { changes, statusOf, monitor } = start({ box: urlFixture('http', fixture.url) });
    await eventually(() => statusOf('box') === 'healthy', 'healthy');
    fixture.forgetSessions();
    await eventually(() => changes.join() === 'box healthy,box unhealthy,box healthy', 'down and up once');
    await monitor.close();
    await fixture.close();
  });

  it('follows a changed configuration', async () => {
    const a = stdioFixture();
    const b = stdioFixture();
    const { monitor, statusOf } = start({ a: a.config });
    await eventually(() => statusOf('a') === 'healthy', 'a healthy');
    await monitor.setServers({ b: b.config });
    expect(processesWithEnvironment(FIXTURE_MARK, a.mark)).toEqual([]);
    await eventually(() => statusOf('b') === 'healthy', 'b healthy');
    expect(monitor.snapshot().map(({ server }) => server)).toEqual(['b']);
  });
});
