import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { newId } from '#src/server/ids.ts';
import { describeOperations } from '#src/server/rest/openapi.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { insertSession } from '#test/session-fixtures.ts';
import { startTestWeb, type TestWeb } from '#test/web/start-test-web.ts';
import { restOperations } from './rest-operations.ts';

const db = useTestDatabase();
let web: TestWeb;
let headers: Record<string, string>;
let sessionId: string;
beforeAll(async () => {
  web = await startTestWeb(db.database);
  const projectId = await web.project('acme');
  sessionId = await insertSession(db.database, { projectId });
  headers = { authorization: `Bearer ${await web.key(projectId, 'admin')}` };
});
afterAll(() => web.close());

const errorSchema = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string().min(1),
    fields: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
    requestId: z.string().min(1),
  }),
});

test('every operation is described, with its parameters and an answer', () => {
  const document = describeOperations(restOperations);
  for (const operation of restOperations) {
    const described = document.paths?.[`/api/v1${operation.path}`]?.[operation.method];
    expect(described?.summary, operation.path).toBeTruthy();
    expect(Object.keys(described?.responses ?? {}), operation.path).toContain('default');
    const inPath = (described?.parameters ?? []).flatMap((p) =>
      'in' in p && p.in === 'path' ? [p.name] : [],
    );
    const braces = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    expect(inPath.sort(), operation.path).toEqual(braces.sort());
  }
  const ids = Object.values(document.paths ?? {}).flatMap((path) =>
    [path.get, path.post].flatMap((entry) => (entry ? [entry.operationId] : [])),
  );
  expect(new Set(ids).size).toBe(ids.length);
});

test('the served document is that description', async () => {
  const served = await (await fetch(`${web.url}/api/v1/openapi.json`, { headers })).json();
  expect(served).toEqual(JSON.parse(JSON.stringify(describeOperations(restOperations))));
  expect(served.openapi).toBe('3.1.0');
});

test.each(restOperations.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))(
  'answers as described: %s',
  async (_name, operation) => {
    const path = operation.path.replace(/\{(\w+)\}/g, (_match, name: string) =>
      name === 'id' ? sessionId : newId(),
    );
    const response = await fetch(`${web.url}/api/v1${path}`, {
      method: operation.method.toUpperCase(),
      headers,
      ...(operation.method === 'post' ? { body: JSON.stringify({ data: { pod: 'checkout' } }) } : {}),
    });
    const described = operation.responses[response.status];
    const isJson = (response.headers.get('content-type') ?? '').startsWith('application/json');
    if (!response.ok) {
      expect(response.status).toBeLessThan(500);
      errorSchema.parse(await response.json());
      return;
    }
    expect(described, `status ${response.status} is not described`).toBeDefined();
    if (described?.schema && isJson) described.schema.parse(await response.json());
  },
);
