// From an alert's delivery to its 202, at a steady rate with a new problem each time:
//   node bench/alert-intake.ts [--rate 100] [--seconds 20]
// Three processes: an embedded PostgreSQL (durable), the web server as its own process, and this one, which sends at fixed
// times whatever the answers do (open loop: a slow answer delays no later request, it shows). No worker drains the queue.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { openDatabase } from '#src/server/db/database.ts';
import { writeConfig } from '#test/kernel.ts';
import { startTestWeb, type TestWeb } from '#test/web/start-test-web.ts';
import { describeMachine, report } from './lib/machine.ts';
import { type Part, servePart, startPart } from './lib/part.ts';
import { percentile, percentileHeader, percentileLine } from './lib/percentiles.ts';
import { cpuSeconds } from './lib/process-usage.ts';
import { openTemporaryDatabase } from './lib/temporary-database.ts';

const ORDER_LIMIT_MS = 60_000;
const REQUEST_LIMIT_MS = 30_000;
/** Code that is not compiled yet and empty connection pools do not count. */
const WARM_UP_SECONDS = 3;
const TARGET_MS = 50;

const webPlanSchema = z.object({ databaseUrl: z.string() });
const webReadySchema = z.object({ url: z.string(), key: z.string() });

const { values: args, positionals } = parseArgs({
  allowPositionals: true,
  options: { rate: { type: 'string', default: '100' }, seconds: { type: 'string', default: '20' } },
});

if (positionals[0] === 'web') servePart(webOrders());
else await measure();

function webOrders(): Record<string, (value: unknown) => Promise<unknown>> {
  let web: TestWeb | undefined;
  return {
    async start(value) {
      const configDir = await writeConfig({ queue: { maxPendingSessions: 1_000_000 } });
      web = await startTestWeb(openDatabase(webPlanSchema.parse(value).databaseUrl), { configDir });
      return { url: web.url, key: await web.key(await web.project('bench'), 'alerts') };
    },
    async stop() {
      await web?.close();
      await web?.kernel.database.close();
    },
  };
}

type Answer = { sentAtMs: number; latencyMs: number; status: number };

async function measure(): Promise<void> {
  console.log(describeMachine());
  const { database, close } = await openTemporaryDatabase();
  let web: Part | undefined;
  try {
    web = startPart(import.meta.filename, 'web');
    const { url, key } = webReadySchema.parse(
      await web.order('start', { databaseUrl: database.url }, ORDER_LIMIT_MS),
    );
    const rate = Number(args.rate);
    const seconds = Number(args.seconds);
    await deliver({ url, key, rate, seconds: WARM_UP_SECONDS, prefix: 'warm-up' });
    const cpuBefore = await cpuSeconds(web.pid);
    const answers = await deliver({ url, key, rate, seconds, prefix: 'alert' });
    const cpu = (await cpuSeconds(web.pid)) - cpuBefore;
    const { rows } = await database.pool.query<{ sessions: number; jobs: number }>(
      `select (select count(*)::int from session s join alert a on a.id = s.alert_id
         where a.fingerprint like 'alert-%') as sessions, (select count(*)::int from graphile_worker.jobs) as jobs`,
    );
    await web.order('stop', null, ORDER_LIMIT_MS);
    print(answers, { rate, seconds, cpu, sessions: rows[0]?.sessions ?? 0 });
  } finally {
    await web?.end();
    await close();
  }
  console.log(describeMachine());
}

/** Sends each alert at its own time and waits for all answers. */
async function deliver(plan: {
  url: string;
  key: string;
  rate: number;
  seconds: number;
  prefix: string;
}): Promise<Answer[]> {
  const startedAt = performance.now();
  const sent: Promise<Answer>[] = [];
  for (let n = 0; n < plan.rate * plan.seconds; n += 1) {
    const dueAt = startedAt + (n * 1_000) / plan.rate;
    const early = dueAt - performance.now();
    if (early > 0) await sleep(early);
    sent.push(deliverOne(plan, `${plan.prefix}-${n}`));
  }
  return Promise.all(sent);
}

async function deliverOne({ url, key }: { url: string; key: string }, fingerprint: string): Promise<Answer> {
  const sentAtMs = performance.now();
  const response = await fetch(`${url}/api/v1/alerts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(alertOf(fingerprint)),
    signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
  });
  await response.arrayBuffer();
  return { sentAtMs, latencyMs: performance.now() - sentAtMs, status: response.status };
}

/** About as large as what Alertmanager sends for one alert. */
function alertOf(fingerprint: string) {
  return {
    alertType: 'KubePodCrashLooping',
    title: `KubePodCrashLooping · shop/checkout ${fingerprint}`,
    severity: 'critical',
    fingerprint,
    labels: { namespace: 'shop', pod: 'checkout-7d9f8b6c5-x2x4x', container: 'checkout', cluster: 'eu-1' },
    data: {
      status: 'firing',
      annotations: {
        description:
          'Pod shop/checkout is in waiting state (reason: CrashLoopBackOff) for 15 minutes. '.repeat(8),
        runbook_url: 'https://runbooks.prometheus-operator.dev/runbooks/kubernetes/kubepodcrashlooping',
      },
      startsAt: '2026-11-20T10:00:00Z',
    },
  };
}

function print(
  answers: readonly Answer[],
  facts: { rate: number; seconds: number; cpu: number; sessions: number },
): void {
  const latencies = answers.map((answer) => answer.latencyMs).sort((a, b) => a - b);
  const accepted = answers.filter((answer) => answer.status === 202).length;
  const tookSeconds = ((answers.at(-1)?.sentAtMs ?? 0) - (answers[0]?.sentAtMs ?? 0)) / 1_000;
  console.log(
    `${answers.length} alerts at ${(answers.length / tookSeconds).toFixed(0)} a second; web used ${(facts.cpu / facts.seconds).toFixed(2)} cores`,
  );
  console.log(percentileHeader('milliseconds'));
  console.log(percentileLine('delivery to 202', latencies));
  report(
    'every alert accepted, each with a session',
    accepted === facts.sessions && accepted === answers.length,
  );
  report(
    `accepted at ${facts.rate} a second: p99 < ${TARGET_MS} ms`,
    percentile(latencies, 0.99) < TARGET_MS,
  );
}
