// One session that very many people watch while it streams: node bench/many-browsers.ts [--browsers 200] [--seconds 20] [--tokens 40]
// The processes of production (PostgreSQL, a writer with a real recorder, the web server) and two of Socket.IO clients, which
// take processor time of the same machine. Target: p95 from a commit to the browsers under 100 ms, each event once and in order.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { z } from 'zod';
import {
  arrivalsSchema,
  insertRun,
  ORDER_LIMIT_MS,
  PROJECT,
  serveLivePart,
  streamedSchema,
  webReadySchema,
} from './lib/live-parts.ts';
import { describeMachine, report } from './lib/machine.ts';
import { matchArrivals } from './lib/match-arrivals.ts';
import { type Part, startPart } from './lib/part.ts';
import { percentile, percentileHeader, percentileLine } from './lib/percentiles.ts';
import { cpuSeconds } from './lib/process-usage.ts';
import { openTemporaryDatabase } from './lib/temporary-database.ts';

const TARGET_P95_MS = 100;
/** What is written while everything warms up does not count. */
const WARM_UP_MS = 3_000;
/** The last events are on their way when the writer is done. */
const SETTLE_MS = 2_000;
const CLIENT_PROCESSES = 2;

type Appends = z.infer<typeof streamedSchema>['appends'];
type Arrivals = z.infer<typeof arrivalsSchema>;

const { values: args, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    browsers: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '20' },
    tokens: { type: 'string', default: '40' },
  },
});
if (!serveLivePart(positionals[0])) await measure();

async function measure(): Promise<void> {
  console.log(describeMachine());
  const { database, close } = await openTemporaryDatabase();
  const parts: Part[] = [];
  const part = (name: string) => {
    const started = startPart(import.meta.filename, name);
    parts.push(started);
    return started;
  };
  try {
    const [web, writer] = [part('web'), part('writer')];
    const clients = Array.from({ length: CLIENT_PROCESSES }, () => part('clients'));
    const ready = webReadySchema.parse(
      await web.order('start', { databaseUrl: database.url }, ORDER_LIMIT_MS),
    );
    const run = await insertRun(database, ready.projectId);
    const each = Math.ceil(Number(args.browsers) / CLIENT_PROCESSES);
    const sessionIds = Array.from({ length: each }, () => run.sessionId);
    const { url, cookie } = ready;
    await Promise.all(
      clients.map((client) =>
        client.order('join', { url, cookie, project: PROJECT, sessionIds }, ORDER_LIMIT_MS),
      ),
    );
    const seconds = Number(args.seconds);
    const plan = {
      databaseUrl: database.url,
      runs: [run],
      seconds,
      tokensPerSecond: Number(args.tokens),
      answerTokens: 400,
    };
    const before = await Promise.all(parts.map(({ pid }) => cpuSeconds(pid)));
    const streamed = streamedSchema.parse(
      await writer.order('stream', plan, seconds * 1_000 + ORDER_LIMIT_MS),
    );
    const after = await Promise.all(parts.map(({ pid }) => cpuSeconds(pid)));
    await sleep(SETTLE_MS);
    const arrivals = await Promise.all(
      clients.map(async (client) => arrivalsSchema.parse(await client.order('leave', null, ORDER_LIMIT_MS))),
    );
    await web.order('stop', null, ORDER_LIMIT_MS);
    const cores = ['web', 'writer', 'clients', 'clients'].map(
      (name, index) => `${name} ${(((after[index] ?? 0) - (before[index] ?? 0)) / seconds).toFixed(2)}`,
    );
    console.log(
      `${each * CLIENT_PROCESSES} browsers, ${streamed.tokens} tokens in ${streamed.appends.length} batches, ${seconds} s`,
    );
    console.log(`cores used: ${cores.join(', ')}`);
    printLatencies(streamed.appends, arrivals);
  } finally {
    await Promise.all(parts.map((each) => each.end()));
    await close();
  }
  console.log(describeMachine());
}

function printLatencies(appends: Appends, arrivals: readonly Arrivals[]): void {
  const from = Math.min(...appends.map((append) => append.beganMs)) + WARM_UP_MS;
  const perBrowser = arrivals.flatMap((ofProcess) =>
    [...Map.groupBy(ofProcess, ({ client }) => client).values()].map((ofOne) =>
      matchArrivals({ appends, arrivals: ofOne }),
    ),
  );
  const counted = perBrowser.flatMap(({ matched }) => matched.filter(({ beganMs }) => beganMs >= from));
  const fromCommit = counted.map(({ atMs, committedMs }) => atMs - committedMs);
  console.log(percentileHeader('milliseconds'));
  console.log(percentileLine('commit confirmed to each browser', fromCommit));
  console.log(
    percentileLine(
      'append begun to each browser',
      counted.map(({ atMs, beganMs }) => atMs - beganMs),
    ),
  );
  const all = counted.length > 0 && perBrowser.length >= Number(args.browsers);
  const sound = all && perBrowser.every(({ missing, gaps }) => missing === 0 && gaps === 0);
  report('every event reached every browser, once and in order', sound);
  report(
    `commit to browser: p95 < ${TARGET_P95_MS} ms`,
    percentile(
      fromCommit.sort((a, b) => a - b),
      0.95,
    ) < TARGET_P95_MS,
  );
}
