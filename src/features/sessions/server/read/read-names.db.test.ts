import { expect, test } from 'vitest';
import type { Principal } from '#src/server/auth/principal.ts';
import { createSecretBox } from '#src/server/crypto.ts';
import { createLogger } from '#src/server/logger.ts';
import { createTestKernel, createTestProject } from '#test/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { postAlert } from '#test/runs.ts';
import { sessionOperations } from '../rest.ts';
import { readNames } from './read-names.ts';
import { readSession } from './read-session.ts';

const db = useTestDatabase();
const HOST = 'db-01.corp.internal';

async function startSession() {
  const kernel = await createTestKernel(db.database, { masking: { identifiers: { enabled: true } } });
  const { id: projectId } = await createTestProject(db.database);
  const title = `${HOST} is down`;
  const sessionId = await postAlert(kernel, projectId, { title, labels: { [HOST]: '10.0.0.7' } });
  return { kernel, projectId, sessionId, title };
}

test('names of a session, for its project only, and not under another secret', async () => {
  const { kernel, projectId, sessionId } = await startSession();
  const names = await readNames(kernel, { projectId, sessionId });
  expect(Object.values(names).sort()).toEqual(['10.0.0.7', HOST]);
  const { id: foreign } = await createTestProject(db.database);
  await expect(readNames(kernel, { projectId: foreign, sessionId })).rejects.toMatchObject({
    code: 'not_found',
  });
  const other = { ...kernel, secrets: createSecretBox('another secret of this installation') };
  await expect(readNames(other, { projectId, sessionId })).rejects.toMatchObject({ code: 'conflict' });
});

test('REST gives placeholders, and names to operators who ask for them', async () => {
  const { kernel, projectId, sessionId, title } = await startSession();
  const show = sessionOperations.find(({ method, path }) => method === 'get' && path === '/sessions/{id}');
  const ask = async (role: 'viewer' | 'operator', query: Record<string, unknown>) => {
    const principal: Principal = {
      kind: 'user',
      userId: 'u',
      name: 'Vera',
      memberships: new Map([[projectId, role]]),
    };
    const reply = await show?.handle(
      {
        kernel,
        principal,
        projectId,
        requestId: 'r',
        log: createLogger({ level: 'silent', process: 'test' }),
        signal: new AbortController().signal,
        headers: new Headers(),
      },
      { params: { id: sessionId }, query: show.query?.parse(query), body: undefined, raw: Buffer.alloc(0) },
    );
    return reply?.body;
  };
  expect(await ask('viewer', {})).toMatchObject({ title: expect.stringMatching(/^\[HOST_\w{8}\] is down$/) });
  expect(await ask('operator', {})).toEqual(await readSession(kernel, { projectId, sessionId }));
  expect(await ask('operator', { identifiers: 'reveal' })).toMatchObject({
    title,
    alert: { labels: { [HOST]: '10.0.0.7' } },
  });
  await expect(ask('viewer', { identifiers: 'reveal' })).rejects.toMatchObject({ code: 'forbidden' });
  expect(() => show?.query?.parse({ identifiers: 'all' })).toThrow();
});
