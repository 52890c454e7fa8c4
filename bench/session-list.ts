// Percentiles of the session list at 100,000 sessions and 2 million events: node bench/session-list.ts [--sessions N] [--events N]
// Uses an embedded database of its own, which it removes. Takes some minutes; --sessions 1000 --events 20000 is a smoke pass.
import { parseArgs } from 'node:util';
import { countTriage } from '#src/features/reviews/server/count-triage.ts';
import { listAssignees } from '#src/features/reviews/server/list-assignees.ts';
import { listSessionsInputSchema, type SessionSort } from '#src/features/sessions/schema.ts';
import { readFilterOptions } from '#src/features/sessions/server/read/filter-options.ts';
import { listActiveSessions } from '#src/features/sessions/server/read/list-active.ts';
import { listSessions } from '#src/features/sessions/server/read/list-sessions.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { fixtureKernel } from '#test/session-fixtures.ts';
import { fillSessions } from './lib/fill-sessions.ts';
import { describeMachine, report } from './lib/machine.ts';
import { percentile, percentileHeader, percentileLine } from './lib/percentiles.ts';
import { sessionListViews } from './lib/session-list-views.ts';
import { openTemporaryDatabase } from './lib/temporary-database.ts';

const { values: args } = parseArgs({
  options: {
    sessions: { type: 'string', default: '100000' },
    events: { type: 'string', default: '2000000' },
  },
});
const RUNS = 200;
const TARGET_P99_MS = 50;

console.log(describeMachine());
const { database, close } = await openTemporaryDatabase();
try {
  const projectId = await fillSessions(database, {
    sessions: Number(args.sessions),
    events: Number(args.events),
  });
  const missed = await measure(fixtureKernel(database), projectId);
  const names = missed.length > 0 ? `; missed: ${missed.join('; ')}` : '';
  report(`p99 of every view below ${TARGET_P99_MS} ms${names}`, missed.length === 0);
} finally {
  await close();
}
console.log(describeMachine());

/** Returns what missed the target. */
async function measure(kernel: Kernel, projectId: string): Promise<string[]> {
  const list = (input: Record<string, unknown>) => () =>
    listSessions(kernel, { ...listSessionsInputSchema.parse(input), projectId });
  const since = new Date(Date.now() - 3 * 86_400_000).toISOString();
  const views = sessionListViews(since, {
    newest: await pageCursor(kernel, projectId, {}),
    dearest: await pageCursor(kernel, projectId, { sort: '-cost' }),
  });
  const cases: [string, () => Promise<unknown>][] = [
    ...views.map(([name, input]): [string, () => Promise<unknown>] => [name, list(input)]),
    ['triage: counts', () => countTriage(kernel, { projectId })],
    ['triage: counts of one reviewer', () => countTriage(kernel, { projectId, assignee: 'person 4' })],
    ['triage: reviewers', () => listAssignees(kernel, { projectId })],
    ['active (1,000 queued)', () => listActiveSessions(kernel, { projectId })],
    ['filter options', () => readFilterOptions(kernel, { projectId })],
  ];
  const missed: string[] = [];
  console.log(percentileHeader('ms'));
  for (const [name, run] of cases) {
    for (let warmUp = 0; warmUp < 3; warmUp += 1) await run();
    const times: number[] = [];
    for (let n = 0; n < RUNS; n += 1) {
      const before = performance.now();
      await run();
      times.push(performance.now() - before);
    }
    console.log(percentileLine(name, times));
    times.sort((a, b) => a - b);
    if (percentile(times, 0.99) >= TARGET_P99_MS) missed.push(name);
  }
  return missed;
}

/** The place where page 21 begins. */
async function pageCursor(
  kernel: Kernel,
  projectId: string,
  order: { sort?: SessionSort },
): Promise<string | undefined> {
  let cursor: string | undefined;
  for (let page = 0; page < 20; page += 1) {
    const input = listSessionsInputSchema.parse({ ...order, cursor });
    const result = await listSessions(kernel, { ...input, projectId });
    cursor = result.nextCursor ?? cursor;
  }
  return cursor;
}
