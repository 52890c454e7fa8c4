import { beforeAll, beforeEach, expect, test } from 'vitest';
import { useTestDatabase } from '#test/postgres.ts';

const db = useTestDatabase();

beforeAll(() => db.database.pool.query('create table note (id int primary key, text text not null)'));
beforeEach(() => db.database.pool.query('truncate note'));

const notes = async () =>
  (await db.database.pool.query<{ id: number }>('select id from note order by id')).rows.map(({ id }) => id);
const INSERT = 'insert into note (id, text) values ($1, $2)';

test('what is written comes in order, and a query sees what was written before it', async () => {
  const seen = await db.database.transaction(async (sql) => {
    sql.write(INSERT, [1, 'one']);
    sql.write('update note set id = id + 1 where id = $1', [1]);
    const { rows } = await sql.query<{ id: number }>('select id from note');
    sql.write(INSERT, [3, 'three']);
    return rows;
  });
  expect(seen).toEqual([{ id: 2 }]);
  expect(await notes()).toEqual([2, 3]);
});

test('a write that fails takes the whole transaction with it, and is what the caller hears of', async () => {
  const failing = db.database.transaction(async (sql) => {
    sql.write(INSERT, [1, 'one']);
    sql.write(INSERT, [2, null]);
    sql.write(INSERT, [3, 'three']);
  });
  await expect(failing).rejects.toMatchObject({ code: '23502' });
  expect(await notes()).toEqual([]);
});

test('also when it is met by a query, which fails only because of it', async () => {
  const failing = db.database.transaction(async (sql) => {
    sql.write(INSERT, [1, 'one']);
    sql.write(INSERT, [1, 'again']);
    await sql.query('select 1');
  });
  await expect(failing).rejects.toMatchObject({ code: '23505' });
  expect(await notes()).toEqual([]);
});

test('what was written and not sent when the work throws is never sent', async () => {
  const failing = db.database.transaction(async (sql) => {
    await sql.query(INSERT, [1, 'one']);
    sql.write(INSERT, [2, 'two']);
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  expect(await notes()).toEqual([]);
});

test('the connection serves the next transaction after each of these', async () => {
  for (let round = 0; round < 40; round += 1) {
    const failing = db.database.transaction(async (sql) => {
      sql.write(INSERT, [round, 'kept']);
      if (round % 2 === 1) sql.write(INSERT, [round, null]);
    });
    if (round % 2 === 1) await expect(failing).rejects.toMatchObject({ code: '23502' });
    else await failing;
  }
  expect(await notes()).toHaveLength(20);
});

test('a connection that breaks in the middle fails the transaction, and the pool goes on', async () => {
  const failing = db.database.transaction(async (sql) => {
    sql.write(INSERT, [1, 'one']);
    const { rows } = await sql.query<{ pid: number }>('select pg_backend_pid() as pid');
    await db.database.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    sql.write(INSERT, [2, 'two']);
  });
  await expect(failing).rejects.toThrow();
  await db.database.transaction(async (sql) => sql.write(INSERT, [3, 'three']));
  expect(await notes()).toEqual([3]);
});
