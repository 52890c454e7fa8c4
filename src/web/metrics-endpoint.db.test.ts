import { expect, test } from 'vitest';
import { beatWorkerHost, reportWorkerMetrics } from '#src/features/system/server/index.ts';
import { reportMetrics } from '#src/server/metrics.ts';
import { createTestKernel } from '#test/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { renderMetrics } from './metrics-endpoint.ts';

const db = useTestDatabase();

const host = (id: string) => ({
  id,
  hostname: 'here',
  pid: 1,
  concurrency: 5,
  version: '1.0.0',
  queueWorkers: [],
});

async function startHost(id: string) {
  const kernel = await createTestKernel(db.database, {});
  await beatWorkerHost(db.database.pool, host(id));
  return {
    kernel,
    report: async () =>
      reportWorkerMetrics(db.database.pool, { id, metrics: await reportMetrics(kernel.metrics) }),
  };
}

test('what workers have counted is served by web, each under its name; a worker that is gone takes its numbers with it', async () => {
  const web = await createTestKernel(db.database, {});
  const [first, second] = [await startHost('one'), await startHost('two')];
  first.kernel.metrics.llmCalls.inc({ provider: 'main', model: 'm', outcome: 'ok' }, 3);
  first.kernel.metrics.llmDuration.observe({ provider: 'main', model: 'm' }, 1.5);
  second.kernel.metrics.llmCalls.inc({ provider: 'main', model: 'm', outcome: 'ok' }, 4);
  second.kernel.metrics.mcpHealthy.set({ server: 'cluster' }, Number.NaN);
  await first.report();
  await second.report();
  web.metrics.httpRequests.inc({ route: '/api/v1/sessions', method: 'GET', status: '200' });

  const { text } = await renderMetrics(web);
  const lines = text.split('\n');
  expect(lines).toContain('tars_llm_calls_total{model="m",outcome="ok",provider="main",worker="one"} 3');
  expect(lines).toContain('tars_llm_calls_total{model="m",outcome="ok",provider="main",worker="two"} 4');
  expect(text).toMatch(/tars_llm_duration_seconds_bucket\{[^}]*le="2"[^}]*\} 1/);
  expect(lines).toContain('tars_http_requests_total{route="/api/v1/sessions",method="GET",status="200"} 1');
  expect(lines).toContain('tars_workers 2');
  expect(lines).toContain('tars_worker_slots 10');
  expect(lines.filter((line) => line.startsWith('# TYPE tars_llm_calls_total'))).toHaveLength(1);

  await db.database.pool.query(
    `update worker_host set heartbeat_at = now() - interval '1 hour' where id = 'one'`,
  );
  const later = await renderMetrics(web);
  expect(later.text).not.toContain('worker="one"');
  expect(later.text).toContain('worker="two"');
});

test('a report that cannot be read leaves the rest alone', async () => {
  const web = await createTestKernel(db.database, {});
  await beatWorkerHost(db.database.pool, host('odd'));
  await db.database.pool.query(
    `update worker_host set metrics = '{"of": "another version"}' where id = 'odd'`,
  );
  const { text } = await renderMetrics(web);
  expect(text).toContain('tars_workers');
  expect(text).not.toContain('worker="odd"');
});
