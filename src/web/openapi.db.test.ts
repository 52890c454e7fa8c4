import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { newId } from '#src/server/ids.ts';
import type { Operation } from '#src/server/rest/define-operation.ts';
import { describeOperations } from '#src/server/rest/openapi.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { insertSession, startInvestigation } from '#test/session-fixtures.ts';
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
  await startInvestigation(db.database);
  headers = { authorization: `Bearer ${await web.key(projectId, 'admin')}` };
});
afterAll(() => web.close());

type Document = {
  openapi: string;
  components: { schemas: Record<string, unknown> };
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema?: object }> }> }>
  >;
};

const serve = async (): Promise<Document> =>
  (await fetch(`${web.url}/api/v1/openapi.json`, { headers })).json();

/** What the served document says about one answer, as something that can check it. */
function schemaOf(document: Document, operation: Operation, status: number): z.ZodType | undefined {
  const responses = document.paths[`/api/v1${operation.path}`]?.[operation.method]?.responses ?? {};
  const schema = (responses[status] ?? (status >= 400 ? responses.default : undefined))?.content?.[
    'application/json'
  ]?.schema;
  if (!schema) return undefined;
  const local = JSON.stringify({ ...schema, $defs: document.components.schemas });
  return z.fromJSONSchema(JSON.parse(local.replaceAll('#/components/schemas/', '#/$defs/')));
}

test('every operation is described, with its parameters and an answer', () => {
  const document = describeOperations(restOperations);
  for (const operation of restOperations) {
    const described = document.paths?.[`/api/v1${operation.path}`]?.[operation.method];
    expect(described?.summary, operation.path).toBeTruthy();
    expect(Object.keys(described?.responses ?? {}).sort(), operation.path).toEqual(
      [...Object.keys(operation.responses), 'default'].sort(),
    );
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
  const served = await serve();
  expect(served).toEqual(JSON.parse(JSON.stringify(describeOperations(restOperations))));
  expect(served.openapi).toBe('3.1.0');
});

test.each(restOperations.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))(
  'answers as the served document says: %s',
  async (_name, operation) => {
    const document = await serve();
    const path = operation.path.replace(/\{(\w+)\}/g, (_match, name: string) =>
      name === 'id' ? sessionId : newId(),
    );
    const bodies =
      operation.method === 'post' ? [{ data: { pod: 'checkout' } }, { data: 17, labels: 'no' }] : [undefined];
    for (const body of bodies) {
      for (const credential of [headers, {}]) {
        const response = await fetch(`${web.url}/api/v1${path}`, {
          method: operation.method.toUpperCase(),
          headers: credential,
          ...(body ? { body: JSON.stringify(body) } : {}),
        });
        expect(response.status).toBeLessThan(500);
        if (response.ok) expect(Object.keys(operation.responses)).toContain(String(response.status));
        if (!(response.headers.get('content-type') ?? '').startsWith('application/json')) continue;
        const schema = schemaOf(document, operation, response.status);
        expect(schema, `status ${response.status}`).toBeDefined();
        schema?.parse(await response.json());
      }
    }
  },
);
