import pg from 'pg';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { finishSession } from '#src/features/sessions/server/index.ts';
import { lockKeys } from '#src/server/db/lock-keys.ts';
import { createTestKernel, createTestProject } from '#test/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { rowsOf } from '#test/runs.ts';
import type { PostAlert } from '../schema.ts';
import { fromPostAlert } from './normalise-alert.ts';
import { receiveAlert } from './receive-alert.ts';

const db = useTestDatabase();
let kernel: Awaited<ReturnType<typeof createTestKernel>>;
let projectId: string;
beforeAll(async () => {
  kernel = await createTestKernel(db.database);
});
beforeEach(async () => {
  await kernel.setConfig({});
  await db.database.pool.query(`update session set status = 'completed' where status = 'pending'`);
  ({ id: projectId } = await createTestProject(db.database));
});

const receive = (alert: Partial<PostAlert> = {}, status: 'firing' | 'resolved' = 'firing') =>
  receiveAlert(kernel, {
    projectId,
    actor: 'test',
    alert: { ...fromPostAlert({ data: 'The checkout is down.', ...alert }), status },
  });
const resolve = (fingerprint: string) => receive({ fingerprint }, 'resolved');

async function countRows(): Promise<{ alerts: number; sessions: number; jobs: number }> {
  const [row] = await rowsOf<{ alerts: number; sessions: number; jobs: number }>(
    db.database,
    `select (select count(*)::int from alert where project_id = $1) as alerts, count(s.id)::int as sessions,
       (select count(*)::int from graphile_worker.jobs
        where key in (select 'run-session:' || id from session where project_id = $1)) as jobs
     from session s where s.project_id = $1`,
    [projectId],
  );
  if (!row) throw new Error('no row');
  return row;
}

const alertRow = async (id: string) => {
  const [row] = await rowsOf<{ count: number; status: string; resolved_at: Date | null }>(
    db.database,
    'select count, status, resolved_at from alert where id = $1',
    [id],
  );
  return row;
};

describe('a new problem', () => {
  test('alert, session, job, delivery and first event are written together', async () => {
    const received = await receive({ title: 'Checkout down', severity: 'critical' });
    expect(received).toMatchObject({ sessionStatus: 'pending', deduplicated: false, alertStatus: 'firing' });
    expect(await countRows()).toEqual({ alerts: 1, sessions: 1, jobs: 1 });
    expect(
      await rowsOf(db.database, 'select seq, type from session_event where session_id = $1', [
        received.sessionId,
      ]),
    ).toEqual([{ seq: 1, type: 'session.patch' }]);
    expect(
      await rowsOf(db.database, 'select status, reason from alert_delivery where alert_id = $1', [
        received.alertId,
      ]),
    ).toEqual([{ status: 'firing', reason: 'first delivery' }]);
  });

  test.each(['alert', 'alert_delivery', 'session', 'session_event', 'idempotency_key'])(
    'when the row in %s cannot be written, nothing is',
    async (table) => {
      await db.database.pool.query(
        `create function refuse() returns trigger language plpgsql as $$ begin raise 'refused by the test'; end $$;
         create trigger refuse before insert on ${table} for each row execute function refuse()`,
      );
      try {
        await expect(receive({ fingerprint: 'f', idempotencyKey: 'k' })).rejects.toThrow(/refused/);
      } finally {
        await db.database.pool.query(`drop trigger refuse on ${table}; drop function refuse()`);
      }
      expect(await countRows()).toEqual({ alerts: 0, sessions: 0, jobs: 0 });
      expect(await receive({ fingerprint: 'f', idempotencyKey: 'k' })).toMatchObject({ deduplicated: false });
    },
  );

  test('without a fingerprint each delivery is a problem of its own', async () => {
    const [first, second] = [await receive(), await receive()];
    expect(second.alertId).not.toBe(first.alertId);
    expect(await countRows()).toEqual({ alerts: 2, sessions: 2, jobs: 2 });
  });

  test('an unknown server is refused with its place and the names that exist', async () => {
    await kernel.setConfig({
      mcpServers: { box: { transport: { type: 'http', url: 'http://127.0.0.1:1/' } } },
    });
    await expect(receive({ mcp: { servers: [{ name: 'box' }, { name: 'nowhere' }] } })).rejects.toMatchObject(
      {
        code: 'bad_request',
        fields: [{ path: 'mcp.servers[1].name', message: 'no such MCP server; configured: box' }],
      },
    );
    expect(await countRows()).toEqual({ alerts: 0, sessions: 0, jobs: 0 });
  });
});

describe('repeats', () => {
  test('count up on the open problem and tell its session', async () => {
    const first = await receive({ fingerprint: 'f' });
    const second = await receive({ fingerprint: 'f' });
    expect(second).toEqual({ ...first, deduplicated: true });
    expect(await alertRow(first.alertId)).toMatchObject({ count: 2, status: 'firing' });
    const [event] = await rowsOf<{ payload: unknown }>(
      db.database,
      'select payload from session_event where session_id = $1 order by seq desc limit 1',
      [first.sessionId],
    );
    expect(event?.payload).toMatchObject({ alert: { count: 2 } });
    expect(await countRows()).toEqual({ alerts: 1, sessions: 1, jobs: 1 });
  });

  test('also after the session has ended', async () => {
    const first = await receive({ fingerprint: 'f' });
    await finishSession(db.database.pool, {
      sessionId: first.sessionId ?? '',
      end: { status: 'cancelled', statusReason: 'test' },
    });
    expect(await receive({ fingerprint: 'f' })).toMatchObject({
      sessionId: first.sessionId,
      sessionStatus: 'cancelled',
      deduplicated: true,
    });
    expect(await countRows()).toMatchObject({ alerts: 1, sessions: 1 });
  });

  test('after the resolve it is a new problem', async () => {
    const first = await receive({ fingerprint: 'f' });
    await receive({ fingerprint: 'f' });
    expect(await resolve('f')).toMatchObject({
      alertId: first.alertId,
      sessionId: first.sessionId,
      alertStatus: 'resolved',
    });
    // A resolve is no firing.
    expect(await alertRow(first.alertId)).toMatchObject({
      count: 2,
      status: 'resolved',
      resolved_at: expect.any(Date),
    });
    const second = await receive({ fingerprint: 'f' });
    expect(second.deduplicated).toBe(false);
    expect(second.sessionId).not.toBe(first.sessionId);
    expect(await alertRow(second.alertId)).toMatchObject({ count: 1 });
  });

  test('what flaps stays one problem with one investigation, where that is configured', async () => {
    await kernel.setConfig({ dedup: { flapWindow: '10m' } });
    const first = await receive({ fingerprint: 'f' });
    for (let round = 0; round < 3; round += 1) {
      await resolve('f');
      expect(await receive({ fingerprint: 'f' })).toMatchObject({
        alertId: first.alertId,
        sessionId: first.sessionId,
        alertStatus: 'firing',
        deduplicated: true,
      });
    }
    expect(await countRows()).toMatchObject({ alerts: 1, sessions: 1 });
    expect(await alertRow(first.alertId)).toEqual({ count: 4, status: 'firing', resolved_at: null });
    // Longer quiet than the window: another problem.
    await resolve('f');
    await db.database.pool.query(
      `update alert set resolved_at = now() - interval '11 minutes' where id = $1`,
      [first.alertId],
    );
    expect((await receive({ fingerprint: 'f' })).deduplicated).toBe(false);
  });

  test('after the window of the last firing it is a new problem', async () => {
    await kernel.setConfig({ dedup: { window: '1h' } });
    const first = await receive({ fingerprint: 'f' });
    const age = (minutes: number) =>
      db.database.pool.query(
        `update alert set first_fired_at = now() - interval '9 hours', last_fired_at = now() - $2 * interval '1 minute'
         where id = $1`,
        [first.alertId, minutes],
      );
    await age(59);
    expect(await receive({ fingerprint: 'f' })).toMatchObject({ deduplicated: true });
    await age(61);
    const second = await receive({ fingerprint: 'f' });
    expect(second).toMatchObject({ deduplicated: false });
    expect(second.alertId).not.toBe(first.alertId);
    expect(await alertRow(first.alertId)).toMatchObject({ status: 'expired', count: 2 });
  });

  test('of another project are other problems', async () => {
    const first = await receive({ fingerprint: 'f' });
    ({ id: projectId } = await createTestProject(db.database));
    const second = await receive({ fingerprint: 'f' });
    expect(second.deduplicated).toBe(false);
    expect(second.alertId).not.toBe(first.alertId);
  });

  test.each([2, 20])('%i deliveries at once start exactly one', async (deliveries) => {
    const received = await Promise.all(
      Array.from({ length: deliveries }, () => receive({ fingerprint: 'f' })),
    );
    expect(received.filter(({ deduplicated }) => !deduplicated)).toHaveLength(1);
    expect(new Set(received.map(({ sessionId }) => sessionId)).size).toBe(1);
    expect(await countRows()).toEqual({ alerts: 1, sessions: 1, jobs: 1 });
    expect(await alertRow(received[0]?.alertId ?? '')).toMatchObject({ count: deliveries });
  });
});

describe('a resolve of nothing', () => {
  test('is kept once, counts no firing and starts nothing', async () => {
    const first = await resolve('unknown');
    expect(first).toMatchObject({ sessionId: null, alertStatus: 'resolved', deduplicated: false });
    expect(await resolve('unknown')).toMatchObject({ alertId: first.alertId, sessionId: null });
    expect(await countRows()).toEqual({ alerts: 1, sessions: 0, jobs: 0 });
    expect(await alertRow(first.alertId)).toMatchObject({ count: 0, status: 'resolved' });
  });

  test('that was resolved before names the session it had', async () => {
    const fired = await receive({ fingerprint: 'f' });
    await resolve('f');
    expect(await resolve('f')).toMatchObject({ alertId: fired.alertId, sessionId: fired.sessionId });
  });
});

describe('an idempotency key', () => {
  test('answers with the same session, whatever else is sent, and counts nothing', async () => {
    const first = await receive({ idempotencyKey: 'k', fingerprint: 'f' });
    await resolve('f');
    expect(await receive({ idempotencyKey: 'k', data: 'Something else.' })).toMatchObject({
      sessionId: first.sessionId,
      alertId: first.alertId,
      deduplicated: true,
    });
    expect(await alertRow(first.alertId)).toMatchObject({ count: 1 });
    expect(await countRows()).toMatchObject({ alerts: 1, sessions: 1 });
  });

  test('of a repeat stands for the session it was merged into', async () => {
    const first = await receive({ fingerprint: 'f' });
    await receive({ fingerprint: 'f', idempotencyKey: 'k' });
    await receive({ fingerprint: 'f', idempotencyKey: 'k' });
    expect(await alertRow(first.alertId)).toMatchObject({ count: 2 });
    await resolve('f');
    expect(await receive({ fingerprint: 'f', idempotencyKey: 'k' })).toMatchObject({
      sessionId: first.sessionId,
    });
  });

  test('twenty deliveries at once start exactly one', async () => {
    const received = await Promise.all(Array.from({ length: 20 }, () => receive({ idempotencyKey: 'k' })));
    expect(new Set(received.map(({ sessionId }) => sessionId)).size).toBe(1);
    expect(received.filter(({ deduplicated }) => !deduplicated)).toHaveLength(1);
    expect(await countRows()).toEqual({ alerts: 1, sessions: 1, jobs: 1 });
  });

  test('belongs to its project', async () => {
    const first = await receive({ idempotencyKey: 'k' });
    ({ id: projectId } = await createTestProject(db.database));
    expect((await receive({ idempotencyKey: 'k' })).sessionId).not.toBe(first.sessionId);
  });
});

describe('a full queue', () => {
  test('refuses new problems with a time to come back, and takes repeats', async () => {
    await kernel.setConfig({ queue: { maxPendingSessions: 1 } });
    const first = await receive({ fingerprint: 'f', idempotencyKey: 'k' });
    await expect(receive({ fingerprint: 'g' })).rejects.toMatchObject({
      code: 'too_many_requests',
      retryAfterSeconds: expect.any(Number),
    });
    expect(await receive({ fingerprint: 'f' })).toMatchObject({ deduplicated: true });
    expect(await receive({ idempotencyKey: 'k' })).toMatchObject({ sessionId: first.sessionId });
    expect(await resolve('f')).toMatchObject({ alertStatus: 'resolved' });
    expect(await resolve('unknown')).toMatchObject({ sessionId: null });
    expect(await countRows()).toMatchObject({ sessions: 1 });
  });

  test('waits for none of the locks that others hold', async () => {
    await kernel.setConfig({ queue: { maxPendingSessions: 5 } });
    const holder = new pg.Client({ connectionString: db.database.url });
    await holder.connect();
    try {
      for (const key of Object.values(lockKeys).filter((key) => key !== lockKeys.queue)) {
        await holder.query('select pg_advisory_lock($1)', [key]);
      }
      expect(await receive({ fingerprint: 'f' })).toMatchObject({ deduplicated: false });
    } finally {
      await holder.end();
    }
  });

  test('is exact also for a burst', async () => {
    await kernel.setConfig({ queue: { maxPendingSessions: 7 } });
    const settled = await Promise.allSettled(
      Array.from({ length: 30 }, (_, n) => receive({ fingerprint: `f${n}` })),
    );
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    expect(await countRows()).toEqual({ alerts: 7, sessions: 7, jobs: 7 });
  });
});
