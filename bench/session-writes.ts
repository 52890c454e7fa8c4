// What a run's small commits cost the session's row among many: node bench/session-writes.ts [--sessions N]
// Uses an embedded database of its own, which it removes. Figures are of one connection; compare them with those of another tree.
import { parseArgs } from 'node:util';
import { createRecorder } from '#src/features/sessions/server/index.ts';
import { type Database, openDatabase } from '#src/server/db/database.ts';
import { fillSessions } from './lib/fill-sessions.ts';
import { describeMachine } from './lib/machine.ts';
import { percentileHeader, percentileLine } from './lib/percentiles.ts';
import { openTemporaryDatabase } from './lib/temporary-database.ts';

const { values: args } = parseArgs({ options: { sessions: { type: 'string', default: '100000' } } });
const ROUNDS = 3;
const COMMITS = 2_000;
/** Sessions that run side by side. */
const RUNNING = 60;

type Row = { id: string };
type Counters = { updates: number; inPlace: number; bytes: number };

console.log(describeMachine());
const { url, close } = await openTemporaryDatabase();
// One connection: the server counts updates for each, and adds them up when it pleases.
const database = openDatabase(url, { maxConnections: 1 });
try {
  const sessions = Number(args.sessions);
  await fillSessions(database, { sessions, events: sessions });
  await measure(database);
} finally {
  await database.close();
  await close();
}
console.log(describeMachine());

async function measure(target: Database): Promise<void> {
  const { rows } = await target.pool.query<Row>(
    `update session set status = 'running', lease_epoch = 0 where id in
       (select id from session where status = 'pending' order by id limit $1) returning id`,
    [RUNNING],
  );
  const recorders = rows.map(({ id }) => createRecorder({ database: target, sessionId: id, epoch: 0 }));
  console.log(percentileHeader('ms'));
  for (let round = 0; round < ROUNDS; round += 1) {
    await note(target, 'a model call is added up', async (n) => {
      await recorders[n % recorders.length]?.commit((batch) =>
        batch.addUsage({ llmCalls: 1, costUsd: 0.01 }),
      );
    });
    await note(target, 'a beat of the lease', async (n) => {
      await target.pool.query('update session set lease_heartbeat_at = clock_timestamp() where id = $1', [
        rows[n % rows.length]?.id,
      ]);
    });
  }
}

async function note(target: Database, name: string, act: (n: number) => Promise<void>): Promise<void> {
  // Otherwise the first change of a page after a checkpoint, which is logged whole, is most of what is measured.
  for (let n = 0; n < RUNNING; n += 1) await act(n);
  const before = await readCounters(target);
  const times: number[] = [];
  for (let n = 0; n < COMMITS; n += 1) {
    const begun = performance.now();
    await act(n);
    times.push(performance.now() - begun);
  }
  const after = await readCounters(target);
  const share = Math.round((100 * (after.inPlace - before.inPlace)) / (after.updates - before.updates));
  const bytes = Math.round((after.bytes - before.bytes) / COMMITS);
  console.log(`${percentileLine(name, times)}   ${share} % of updates in place, ${bytes} B of log each`);
}

async function readCounters({ pool }: Database): Promise<Counters> {
  await pool.query('select pg_stat_force_next_flush()');
  const { rows } = await pool.query<Counters>(
    `select n_tup_upd::float8 as updates, n_tup_hot_upd::float8 as "inPlace",
       (pg_current_wal_insert_lsn() - '0/0')::float8 as bytes
     from pg_stat_user_tables where relname = 'session'`,
  );
  return rows[0] ?? { updates: 0, inPlace: 0, bytes: 0 };
}
