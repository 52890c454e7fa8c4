// A sweep of 10,000 sessions beside 10,000 that stay, while alerts come in: node bench/retention.ts [--sessions N]
// Uses an embedded database of its own, which it removes. --sessions 200 is a smoke pass.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { fromPostAlert, receiveAlert } from '#src/features/alerts/server/index.ts';
import { runSweep } from '#src/features/retention/server/index.ts';
import { snapshotChain } from '#src/server/config/index.ts';
import type { Database } from '#src/server/db/database.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { fixtureConfig, fixtureKernel } from '#test/session-fixtures.ts';
import { describeMachine, report } from './lib/machine.ts';
import { percentile, percentileHeader, percentileLine } from './lib/percentiles.ts';
import { openTemporaryDatabase } from './lib/temporary-database.ts';

const { values: args } = parseArgs({ options: { sessions: { type: 'string', default: '10000' } } });
const SESSIONS = Number(args.sessions);
/** Below each session: what the demo's investigation has, rounded. */
const EVENTS = 200;
const ITEMS = 20;
const CALLS = 8;
const ALERT_EVERY_MS = 50;
/** An hour's sweep must be over long before the next, and nobody may feel it. */
const SWEEP_TARGET_S = 600;
const INTAKE_TARGET_MS = 200;

console.log(describeMachine());
const { database, close } = await openTemporaryDatabase();
try {
  const projectId = await fill(database);
  await measure(fixtureKernel(database), projectId);
} finally {
  await close();
}
console.log(describeMachine());

/** Every second session ended 400 days ago, the others yesterday. */
async function fill({ pool }: Database): Promise<string> {
  const projectId = newId();
  await pool.query(`insert into project (id, slug, name) values ($1, 'main', 'main')`, [projectId]);
  await pool.query(
    `insert into alert (id, project_id, source, status, alert_type, title, severity, data, first_fired_at, last_fired_at)
     select gen_random_uuid(), $1, 'api', 'resolved', 'kubernetes', 'alert ' || n, 'critical', 'payload', now(),
       now() - case when n % 2 = 0 then interval '400 days' else interval '1 day' end
     from generate_series(1, $2::int) n`,
    [projectId, 2 * SESSIONS],
  );
  await pool.query(
    `insert into session (id, project_id, alert_id, status, alert_type, chain, chain_snapshot, title, author, created_at,
       completed_at, last_seq)
     select gen_random_uuid(), project_id, id, 'completed', 'kubernetes', 'kubernetes', $1, title, 'bench', last_fired_at,
       last_fired_at, $2 from alert`,
    [JSON.stringify(snapshotChain(fixtureConfig(), 'kubernetes')), EVENTS],
  );
  await pool.query(
    `insert into stage (id, session_id, index, name, type, status) select gen_random_uuid(), id, 0, 'look', 'investigation', 'completed' from session`,
  );
  await pool.query(
    `insert into execution (id, session_id, stage_id, index, agent, status, provider, model)
     select gen_random_uuid(), session_id, id, 0, 'kubernetes', 'completed', 'offline', 'analyst' from stage`,
  );
  await pool.query(
    `insert into session_event (session_id, seq, type, payload, created_at)
     select id, n, 'item.delta', '{"itemId": "x", "text": "some words of an answer"}', completed_at from session, generate_series(1, $1::int) n`,
    [EVENTS],
  );
  await pool.query(
    `insert into timeline_item (id, session_id, seq, type, status, content, started_at)
     select gen_random_uuid(), id, n, 'response', 'completed', repeat('words ', 100), completed_at from session, generate_series(1, $1::int) n`,
    [ITEMS],
  );
  await pool.query(
    `insert into message (execution_id, seq, session_id, role, content)
     select id, n, session_id, 'user', to_jsonb(repeat('words ', 200)) from execution, generate_series(1, $1::int) n`,
    [2 * CALLS],
  );
  await pool.query(
    `insert into llm_call (id, session_id, execution_id, kind, provider, model, request, response, started_at, duration_ms)
     select gen_random_uuid(), session_id, id, 'iteration', 'offline', 'analyst', '{"tools": []}', '{}', now(), 5
     from execution, generate_series(1, $1::int) n`,
    [CALLS],
  );
  await pool.query(
    `insert into tool_call (id, session_id, execution_id, iteration, index, call_id, wire_name, server, tool, arguments, read_only,
       status, result)
     select gen_random_uuid(), session_id, id, n, 0, 'c' || n, 't', 's', 't', '{}', true, 'completed', repeat('line ', 400)
     from execution, generate_series(1, $1::int) n`,
    [CALLS],
  );
  await pool.query('analyze');
  return projectId;
}

async function measure(kernel: Kernel, projectId: string): Promise<void> {
  const quiet = await deliverAlerts(kernel, projectId, pause(10_000));
  const before = performance.now();
  const sweep = runSweep(kernel, { signal: new AbortController().signal });
  const busy = await deliverAlerts(kernel, projectId, sweep);
  const seconds = (performance.now() - before) / 1_000;
  const removed = await sweep;
  console.log(`removed ${JSON.stringify(removed)} in ${seconds.toFixed(1)} s`);
  console.log(percentileHeader('ms'));
  console.log(percentileLine('an alert taken, without a sweep', quiet));
  console.log(percentileLine('an alert taken, during the sweep', busy));
  const p99 = percentile(
    busy.toSorted((a, b) => a - b),
    0.99,
  );
  report(`sweep < ${SWEEP_TARGET_S} s`, removed?.sessions === SESSIONS && seconds < SWEEP_TARGET_S);
  report(`alerts during the sweep: p99 < ${INTAKE_TARGET_MS} ms`, p99 < INTAKE_TARGET_MS);
}

/** Delivers alerts until `end`, each a row of its own (resolves, which fill no queue); how long each took. */
async function deliverAlerts(kernel: Kernel, projectId: string, end: Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let ended = false;
  const done = end.finally(() => {
    ended = true;
  });
  while (!ended) {
    const started = performance.now();
    const alert = fromPostAlert({ data: 'The checkout is down.', fingerprint: newId() });
    await receiveAlert(kernel, { projectId, actor: 'bench', alert: { ...alert, status: 'resolved' } });
    times.push(performance.now() - started);
    await pause(ALERT_EVERY_MS);
  }
  await done;
  return times;
}
