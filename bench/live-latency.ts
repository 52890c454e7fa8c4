// From a committed batch of events to the browser, with many sessions streaming at once:
//   node bench/live-latency.ts [--sessions 50] [--seconds 20] [--tokens 40]
// Four processes as in production: an embedded PostgreSQL, a writer with real recorders (the worker's part), the web server with
// relay and gateway, and one Socket.IO client per session. Times are of the machine's monotonic clock.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { z } from 'zod';
import { DELTA_FLUSH_MS } from '#src/features/sessions/server/tunables.ts';
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
import type { StreamPlan } from './lib/stream-sessions.ts';
import { openTemporaryDatabase } from './lib/temporary-database.ts';

/** What is written while everything warms up does not count. */
const WARM_UP_MS = 3_000;
/** The last events are on their way when the writer is done. */
const SETTLE_MS = 1_000;
const { values: args, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sessions: { type: 'string', default: '50' },
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
    const [web, writer, clients] = [part('web'), part('writer'), part('clients')];
    const ready = webReadySchema.parse(
      await web.order('start', { databaseUrl: database.url }, ORDER_LIMIT_MS),
    );
    const runs: StreamPlan['runs'] = [];
    for (let n = 0; n < Number(args.sessions); n += 1) {
      runs.push(await insertRun(database, ready.projectId));
    }
    const sessionIds = runs.map((run) => run.sessionId);
    const { url, cookie } = ready;
    await clients.order('join', { url, cookie, project: PROJECT, sessionIds }, ORDER_LIMIT_MS);
    const seconds = Number(args.seconds);
    const plan: StreamPlan = {
      databaseUrl: database.url,
      runs,
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
    const arrivals = arrivalsSchema.parse(await clients.order('leave', null, ORDER_LIMIT_MS));
    await web.order('stop', null, ORDER_LIMIT_MS);
    const cores = ['web', 'writer', 'clients'].map(
      (name, index) => `${name} ${(((after[index] ?? 0) - (before[index] ?? 0)) / seconds).toFixed(2)}`,
    );
    console.log(
      `${runs.length} sessions, ${streamed.tokens} tokens in ${streamed.appends.length} batches, ${seconds} s`,
    );
    console.log(`cores used: ${cores.join(', ')}`);
    printLatencies(streamed.appends, arrivals);
  } finally {
    await Promise.all(parts.map((each) => each.end()));
    await close();
  }
  console.log(describeMachine());
}

function printLatencies(
  appends: z.infer<typeof streamedSchema>['appends'],
  arrivals: z.infer<typeof arrivalsSchema>,
): void {
  const { matched, missing, gaps } = matchArrivals({ appends, arrivals });
  const from = Math.min(...appends.map((append) => append.beganMs)) + WARM_UP_MS;
  const counted = matched.filter((each) => each.beganMs >= from);
  const fromCommit = counted.map((each) => each.atMs - each.committedMs);
  const fromBegin = counted.map((each) => each.atMs - each.beganMs);
  console.log(percentileHeader('milliseconds'));
  console.log(
    percentileLine(
      'append (begin to commit confirmed)',
      counted.map((each) => each.committedMs - each.beganMs),
    ),
  );
  console.log(percentileLine('commit confirmed to client', fromCommit));
  console.log(percentileLine('append begun to client', fromBegin));
  console.log(`The coalescing window (${DELTA_FLUSH_MS} ms) comes before all of these.`);
  const sorted = fromCommit.sort((a, b) => a - b);
  report('every event arrived, once and in order', matched.length > 0 && missing === 0 && gaps === 0);
  report('commit to client: p50 < 10 ms', percentile(sorted, 0.5) < 10);
  report('commit to client: p99 < 50 ms', percentile(sorted, 0.99) < 50);
}
