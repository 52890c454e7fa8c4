import { expect, test } from 'vitest';
import { createTestKernel, createTestProject } from '#test/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { postAlert, rowsOf } from '#test/runs.ts';
import { loadSessionIdentifiers } from './load-identifiers.ts';
import { MAX_KEPT_IDENTIFIERS } from './tunables.ts';

const db = useTestDatabase();

const startSession = async (enabled = true) => {
  const kernel = await createTestKernel(db.database, { masking: { identifiers: { enabled } } });
  const { id } = await createTestProject(db.database);
  return { kernel, sessionId: await postAlert(kernel, id, { data: 'db-01.corp.internal is down' }) };
};
const kept = (sessionId: string) =>
  rowsOf<{ placeholder: string }>(
    db.database,
    'select placeholder from masked_identifier where session_id = $1 order by placeholder',
    [sessionId],
  );

test('many at once come to the same placeholders and write each once', async () => {
  const { kernel, sessionId } = await startSession();
  const addresses = Array.from({ length: 200 }, (_, index) => `10.0.${index}.7`);
  const masked = await Promise.all(
    Array.from({ length: 8 }, async (_, writer) => {
      const identifiers = await loadSessionIdentifiers(kernel, db.database.pool, sessionId);
      // Each meets them in an order of its own.
      const own = [...addresses.slice(writer * 20), ...addresses.slice(0, writer * 20)];
      const texts = new Map(own.map((address) => [address, identifiers.mask(address)]));
      const saved = await db.database.transaction((sql) => identifiers.save(sql));
      saved();
      return addresses.map((address) => texts.get(address));
    }),
  );
  for (const texts of masked) expect(texts).toEqual(masked[0]);
  expect(await kept(sessionId)).toHaveLength(addresses.length + 1);
  const { reveal } = await loadSessionIdentifiers(kernel, db.database.pool, sessionId);
  expect(masked[0]?.map((text) => reveal(text ?? ''))).toEqual(addresses);
});

test('what was rolled back is written by the next', async () => {
  const { kernel, sessionId } = await startSession();
  const identifiers = await loadSessionIdentifiers(kernel, db.database.pool, sessionId);
  identifiers.mask('10.1.2.3');
  await expect(
    db.database.transaction(async (sql) => {
      await identifiers.save(sql);
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  expect(await kept(sessionId)).toHaveLength(1);
  (await identifiers.save(db.database.pool))();
  expect(await kept(sessionId)).toHaveLength(2);
});

test('without something new there is no statement', async () => {
  const { kernel, sessionId } = await startSession();
  const identifiers = await loadSessionIdentifiers(kernel, db.database.pool, sessionId);
  identifiers.mask('db-01.corp.internal');
  const nobody = { query: () => Promise.reject(new Error('a statement')) };
  await identifiers.save(nobody);
  identifiers.mask('10.1.2.4');
  await expect(identifiers.save(nobody)).rejects.toThrow('a statement');
});

test('another value with the placeholder of a known one is an error, not a mix-up', async () => {
  const { kernel, sessionId } = await startSession();
  const identifiers = await loadSessionIdentifiers(kernel, db.database.pool, sessionId);
  await db.database.pool.query(
    `insert into masked_identifier (session_id, placeholder, kind, ciphertext, digest) values ($1, $2, 'IP', '', 'other')`,
    [sessionId, identifiers.mask('10.1.2.5')],
  );
  await expect(identifiers.save(db.database.pool)).rejects.toThrow(/masked_identifier_pkey/);
});

test('beyond the limit names are hidden and not kept', async () => {
  const { kernel, sessionId } = await startSession();
  const identifiers = await loadSessionIdentifiers(kernel, db.database.pool, sessionId);
  const addresses = Array.from(
    { length: MAX_KEPT_IDENTIFIERS + 50 },
    (_, index) => `10.${index >> 8}.${index % 256}.1`,
  );
  expect(identifiers.mask(addresses.join('\n'))).not.toMatch(/\b10\./);
  (await identifiers.save(db.database.pool))();
  expect(await kept(sessionId)).toHaveLength(MAX_KEPT_IDENTIFIERS);
});

test('switched off nothing is masked and nothing kept', async () => {
  const { kernel, sessionId } = await startSession(false);
  const { mask, isActive } = await loadSessionIdentifiers(kernel, db.database.pool, sessionId);
  expect([isActive, mask('10.1.2.3')]).toEqual([false, '10.1.2.3']);
  expect(await kept(sessionId)).toEqual([]);
});
