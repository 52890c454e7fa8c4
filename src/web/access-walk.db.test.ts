import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type AccessLevel, accessLevels, reaches } from '#src/server/auth/principal.ts';
import { newId } from '#src/server/ids.ts';
import type { Operation } from '#src/server/rest/define-operation.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { insertSession } from '#test/session-fixtures.ts';
import { startTestWeb, type TestWeb } from '#test/web/start-test-web.ts';
import { restOperations } from './rest-operations.ts';
import { rootRouter } from './root-router.ts';

/**
 * Every tRPC procedure and every REST operation, from the registries, with every kind of caller. A new one is walked
 * without being named here; one that does not say what it needs fails.
 */
const db = useTestDatabase();
let web: TestWeb;
const credentials = new Map<string, Record<string, string>>();
let sessionId: string;

beforeAll(async () => {
  web = await startTestWeb(db.database);
  const home = await web.project('home');
  const foreign = await web.project('foreign');
  sessionId = await insertSession(db.database, { projectId: home });
  for (const scope of accessLevels) {
    credentials.set(`${scope} key`, { authorization: `Bearer ${await web.key(home, scope)}` });
    if (scope !== 'alerts')
      credentials.set(`${scope} person`, { cookie: await web.cookie({ [home]: scope }) });
  }
  credentials.set('foreign key', { authorization: `Bearer ${await web.key(foreign, 'admin')}` });
  credentials.set('foreign person', { cookie: await web.cookie({ [foreign]: 'admin' }) });
  credentials.set('person of no project', { cookie: await web.cookie({}) });
});
afterAll(() => web.close());

const levelOf = (caller: string): AccessLevel | undefined =>
  accessLevels.find((level) => caller.startsWith(`${level} `));
const callers = ['key', 'person'].flatMap((kind) =>
  accessLevels.filter((level) => kind === 'key' || level !== 'alerts').map((level) => `${level} ${kind}`),
);
const strangers = ['foreign key', 'foreign person', 'person of no project'];

const headersOf = (caller: string): Record<string, string> => {
  const headers = credentials.get(caller);
  if (!headers) throw new Error(`no such caller: ${caller}`);
  return headers;
};

/** Bodies of commands that need one, so that they are refused for who asks and not for what. */
const bodies: Record<string, unknown> = {
  '/sessions/{id}/review': { action: 'claim' },
  '/sessions/{id}/chat': { message: 'Why?' },
  '/approvals/{id}': { decision: 'approve' },
  '/members/{id}/role': { role: 'viewer' },
};
const bodyOf = ({ method, path }: Operation) =>
  method === 'post' ? { body: JSON.stringify(bodies[path] ?? {}) } : {};

function callOperation(operation: Operation, headers: Record<string, string>): Promise<Response> {
  const path = operation.path.replace(/\{(\w+)\}/g, (_match, name: string) =>
    name === 'id' ? sessionId : newId(),
  );
  return fetch(`${web.url}/api/v1${path}`, {
    method: operation.method.toUpperCase(),
    headers: { ...headers, 'x-tars-project': 'home' },
    ...bodyOf(operation),
  });
}

describe('REST', () => {
  test.each(restOperations.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))(
    '%s',
    async (_name, operation) => {
      expect((await callOperation(operation, {})).status).toBe(401);
      expect(
        (await callOperation(operation, { authorization: 'Bearer tars_unknownunknownunknown' })).status,
      ).toBe(401);
      for (const stranger of strangers) {
        expect((await callOperation(operation, headersOf(stranger))).status, stranger).toBe(404);
      }
      for (const caller of callers) {
        const level = levelOf(caller);
        const allowed = level !== undefined && reaches(level, operation.access);
        const { status } = await callOperation(operation, headersOf(caller));
        if (allowed) expect([401, 403, 500], caller).not.toContain(status);
        else expect(status, caller).toBe(403);
      }
    },
  );

  test.each(
    restOperations.filter((operation) => operation.path.includes('{id}')).map((o) => [o.path, o] as const),
  )('an id of another project is unknown: %s', async (path, operation) => {
    const response = await fetch(
      `${web.url}/api/v1${path.replace('{id}', sessionId).replace(/\{\w+\}/g, newId())}`,
      {
        method: operation.method.toUpperCase(),
        headers: headersOf('foreign key'),
        ...bodyOf(operation),
      },
    );
    expect(response.status).toBe(404);
  });
});

type Procedure = { _def: { type: 'query' | 'mutation' | 'subscription'; meta?: { access?: string } } };
// Flat at run time, nested in its type.
const procedures = Object.entries(
  z
    .record(
      z.string(),
      z.custom<Procedure>((value) => typeof value === 'function'),
    )
    .parse(rootRouter._def.procedures),
);

function callProcedure(
  name: string,
  procedure: Procedure,
  headers: Record<string, string>,
): Promise<Response> {
  const input = JSON.stringify({ project: 'home', id: sessionId });
  const address = `${web.url}/api/trpc/${name}`;
  return procedure._def.type === 'query'
    ? fetch(`${address}?input=${encodeURIComponent(input)}`, { headers })
    : fetch(address, {
        method: 'POST',
        body: input,
        headers: { ...headers, 'content-type': 'application/json' },
      });
}

describe('tRPC', () => {
  test('there is something to walk', () => expect(procedures.length).toBeGreaterThan(10));

  test.each(procedures)('%s', async (name, procedure) => {
    const needed = procedure._def.meta?.access;
    const anonymous = (await callProcedure(name, procedure, {})).status;
    if (needed === 'public') {
      expect(anonymous).toBe(200);
      return;
    }
    expect(anonymous).toBe(401);
    if (needed === 'signedIn') {
      for (const caller of [...callers, ...strangers]) {
        expect([401, 500], caller).not.toContain(
          (await callProcedure(name, procedure, headersOf(caller))).status,
        );
      }
      return;
    }
    const level = accessLevels.find((candidate) => candidate === needed);
    if (!level) throw new Error(`${name} does not say what it needs`);
    for (const stranger of strangers) {
      expect((await callProcedure(name, procedure, headersOf(stranger))).status, stranger).toBe(404);
    }
    for (const caller of callers) {
      const own = levelOf(caller);
      const { status } = await callProcedure(name, procedure, headersOf(caller));
      if (own !== undefined && reaches(own, level)) expect([401, 403, 500], caller).not.toContain(status);
      else expect(status, caller).toBe(403);
    }
  });

  test('a session of another project cannot be located', async () => {
    const locate = procedures.find(([name]) => name === 'sessions.locate');
    if (!locate) throw new Error('sessions.locate is gone');
    for (const stranger of strangers) {
      expect((await callProcedure(...locate, headersOf(stranger))).status, stranger).toBe(404);
    }
    expect((await callProcedure(...locate, headersOf('viewer key'))).status).toBe(200);
  });
});

test('besides health nothing answers without a credential', async () => {
  const status = async (path: string, headers = {}) => (await fetch(`${web.url}${path}`, { headers })).status;
  expect(await status('/api/health')).toBe(200);
  expect(await status('/api/health/live')).toBe(200);
  expect(await status('/api/metrics')).toBe(401);
  expect(await status('/api/metrics', headersOf('alerts key'))).toBe(403);
  expect(await status('/api/metrics', headersOf('viewer key'))).toBe(200);
  expect(await status('/api/metrics', headersOf('person of no project'))).toBe(403);
  expect(await status('/api/v1/openapi.json')).toBe(401);
});
