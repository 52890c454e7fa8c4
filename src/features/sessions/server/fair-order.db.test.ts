import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import type { Kernel } from '#src/server/kernel.ts';
import { createTestKernel, createTestProject } from '#test/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { postAlert } from '#test/runs.ts';
import { claimNextSession, findPendingSession } from './claim-session.ts';
import { finishSession } from './finish-session.ts';
import { readQueuePositions } from './read/queue-positions.ts';

const db = useTestDatabase();
let kernel: Kernel;
beforeEach(async () => {
  await db.database.pool.query('truncate project cascade');
  kernel = await createTestKernel(db.database);
});

const MANY = 1_000;
const newProject = async () => (await createTestProject(db.database)).id;
const claim = (maxRunning = MANY) => claimNextSession(db.database, { workerId: 'a', maxRunning });
const placesOf = async (ids: readonly string[]) => {
  const places = await readQueuePositions(db.database.pool, ids);
  return [...places].sort(([, one], [, other]) => one - other).map(([id]) => id);
};

test('a project with many that wait leaves the others their turn', async () => {
  const [noisy, quiet] = [await newProject(), await newProject()];
  const noise: string[] = [];
  for (let n = 0; n < 4; n += 1) noise.push(await postAlert(kernel, noisy));
  const late = await postAlert(kernel, quiet);
  const expected = [noise[0], late, noise[1], noise[2], noise[3]];
  expect(await placesOf([...noise, late])).toEqual(expected);
  const claimed: (string | undefined)[] = [];
  for (let n = 0; n < expected.length; n += 1) {
    const next = await findPendingSession(db.database.pool, MANY);
    const taken = await claim();
    expect(taken?.sessionId).toBe(next);
    claimed.push(taken?.sessionId);
  }
  expect(claimed).toEqual(expected);
});

test('who has fewer running is next, also when another has waited longer', async () => {
  const [noisy, quiet] = [await newProject(), await newProject()];
  await postAlert(kernel, noisy);
  const running = await claim();
  const waiting = await postAlert(kernel, noisy);
  const late = await postAlert(kernel, quiet);
  expect(await placesOf([waiting, late])).toEqual([late, waiting]);
  await db.database.transaction((sql) =>
    finishSession(sql, {
      sessionId: running?.sessionId ?? '',
      epoch: running?.epoch ?? 0,
      end: { status: 'completed' },
    }),
  );
  expect(await placesOf([waiting, late])).toEqual([waiting, late]);
  expect((await claim(1))?.sessionId).toBe(waiting);
  expect(await claim(1)).toBeNull();
});

test('one that is locked elsewhere holds up nobody', async () => {
  const project = await newProject();
  const first = await postAlert(kernel, project);
  const second = await postAlert(kernel, project);
  await db.database.transaction(async (sql) => {
    await sql.query('select 1 from session where id = $1 for update', [first]);
    expect((await claim())?.sessionId).toBe(second);
  });
});

test('places are the order in which slots are given, whatever runs and waits', async () => {
  const arrivals = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(arrivals, fc.nat(6), async (owners, running) => {
      await db.database.pool.query('truncate project cascade');
      const projects = [await newProject(), await newProject(), await newProject()];
      const ids: string[] = [];
      for (const owner of owners) ids.push(await postAlert(kernel, projects[owner] ?? ''));
      for (let n = 0; n < running; n += 1) await claim();
      const told = await placesOf(ids);
      const given: string[] = [];
      for (let taken = await claim(); taken; taken = await claim()) given.push(taken.sessionId);
      expect(given).toEqual(told);
    }),
    { numRuns: 12 },
  );
}, 60_000);

test('many claims at once stay exact over projects', async () => {
  for (const project of [await newProject(), await newProject()]) {
    for (let n = 0; n < 4; n += 1) await postAlert(kernel, project);
  }
  const claims = await Promise.all(Array.from({ length: 20 }, () => claim(4)));
  expect(claims.filter(Boolean)).toHaveLength(4);
  const { rows } = await db.database.pool.query(
    `select count(*)::int as n from session where status = 'running' group by project_id`,
  );
  expect(rows).toEqual([{ n: 2 }, { n: 2 }]);
});
