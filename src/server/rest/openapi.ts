import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponsesObject } from 'zod-openapi';
import { version } from '../version.ts';
import { defineOperation, type Operation } from './define-operation.ts';
import { REST_PREFIX } from './handle-rest.ts';
import { PROJECT_HEADER } from './resolve-project.ts';

const errorSchema = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
      requestId: z.string(),
    }),
  })
  .meta({ id: 'Error', description: 'Every answer of 4xx and 5xx.' });

const headerSchema = z.object({
  [PROJECT_HEADER]: z.string().optional().meta({
    description: 'Slug of the project, for people who belong to several; or `?project=` in the address.',
  }),
});

/** The OpenAPI 3.1 document of a registry, from the same zod schemas that parse the requests. */
export function describeOperations(operations: readonly Operation[]): ReturnType<typeof createDocument> {
  const paths: Record<string, Partial<Record<Operation['method'], ZodOpenApiOperationObject>>> = {};
  for (const operation of operations) {
    const path = `${REST_PREFIX}${operation.path}`;
    paths[path] = { ...paths[path], [operation.method]: describeOperation(operation) };
  }
  return createDocument(
    {
      openapi: '3.1.0',
      info: { title: 'TARS', version, description: 'Alerts in, evidenced investigations out.' },
      security: [{ key: [] }, { basic: [] }],
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'An API key, `tars_…`.' },
          basic: { type: 'http', scheme: 'basic', description: 'Any user name; the API key as password.' },
        },
      },
      paths,
    },
    // What zod cannot express as a schema (a transform's input) is documented as "anything".
    { allowEmptySchema: { unknown: true, any: true, custom: true, transform: true } },
  );
}

function describeOperation(operation: Operation): ZodOpenApiOperationObject {
  const path = operation.params instanceof z.ZodObject ? operation.params : undefined;
  const query = operation.query instanceof z.ZodObject ? operation.query : undefined;
  return {
    summary: operation.summary,
    tags: [operation.tag],
    operationId: operationId(operation),
    description: `Needs the scope \`${operation.access}\`.`,
    requestParams: { header: headerSchema, ...(path ? { path } : {}), ...(query ? { query } : {}) },
    ...(operation.body
      ? { requestBody: { content: { 'application/json': { schema: operation.body } } } }
      : {}),
    responses: describeResponses(operation),
  };
}

function describeResponses(operation: Operation): ZodOpenApiResponsesObject {
  const responses: ZodOpenApiResponsesObject = {
    default: { description: 'An error.', content: { 'application/json': { schema: errorSchema } } },
  };
  for (const [status, response] of Object.entries(operation.responses)) {
    const schema = response.schema ?? (Number(status) < 400 ? undefined : errorSchema);
    const contentType = response.contentType ?? 'application/json';
    responses[statusKey(status)] = {
      description: response.description,
      ...(schema
        ? { content: { [contentType]: { schema } } }
        : response.contentType
          ? { content: { [contentType]: {} } }
          : {}),
    };
  }
  return responses;
}

function statusKey(status: string): `2${string}` | `4${string}` | `5${string}` {
  const rest = status.slice(1);
  if (status.startsWith('2')) return `2${rest}`;
  return status.startsWith('4') ? `4${rest}` : `5${rest}`;
}

const operationId = (operation: Operation): string =>
  [operation.method, ...operation.path.split('/').filter(Boolean)]
    .map((part) => part.replace(/[{}.]/g, ' ').trim())
    .map((part, index) =>
      index === 0
        ? part
        : part.replace(/(?:^|[\s_-])(\w)/g, (_match, letter: string) => letter.toUpperCase()),
    )
    .join('');

/** `GET /openapi.json` over a registry, itself included. The document is made once, when first asked for. */
export function createOpenApiOperation(operations: () => readonly Operation[]): Operation {
  let document: ReturnType<typeof createDocument> | undefined;
  return defineOperation({
    method: 'get',
    path: '/openapi.json',
    summary: 'This description',
    tag: 'system',
    access: 'viewer',
    responses: {
      200: { description: 'An OpenAPI 3.1 document.', schema: z.record(z.string(), z.unknown()) },
    },
    async handle() {
      document ??= describeOperations(operations());
      return { status: 200, body: document };
    },
  });
}
