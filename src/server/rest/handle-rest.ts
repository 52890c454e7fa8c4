import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { storable } from '#src/lib/storable-text.ts';
import type { Authenticator } from '../auth/authenticate.ts';
import { isCrossSite } from '../auth/check-origin.ts';
import { type Principal, requireAccess } from '../auth/principal.ts';
import { AppError, notFound } from '../errors.ts';
import type { Kernel } from '../kernel.ts';
import type { Logger } from '../logger.ts';
import { projectKernel } from '../project-kernel.ts';
import type { Operation, OperationReply } from './define-operation.ts';
import { createMatcher } from './match-operation.ts';
import { parseJsonBody } from './parse-json-body.ts';
import { readBody } from './read-body.ts';
import {
  createProjectResolver,
  createSlugReader,
  PROJECT_HEADER,
  PROJECT_PARAMETER,
} from './resolve-project.ts';
import { describeError, sendReply } from './send-reply.ts';
import { toAppError, toFieldIssues } from './to-app-error.ts';

export const REST_PREFIX = '/api/v1';

export type RestRequest = {
  req: IncomingMessage;
  res: ServerResponse;
  url: URL;
  requestId: string;
  log: Logger;
};

/** Answers one request below `/api/v1` and returns the route's pattern, for metrics and the access log. */
export type RestHandler = (request: RestRequest) => Promise<string>;

/**
 * Dispatches operations: credential, project, access check, body, zod, use case, answer. The checks come before the
 * body is read, so that a request without rights costs nothing but its headers. Never throws.
 */
export function createRestHandler(options: {
  kernel: Kernel;
  operations: readonly Operation[];
  authenticator: Authenticator;
  publicUrl: string;
}): RestHandler {
  const { kernel, authenticator, publicUrl } = options;
  const match = createMatcher(options.operations);
  const resolveProject = createProjectResolver(kernel);
  const slugOf = createSlugReader(kernel);

  /** Who is asking. The checks come before the body is read, except where the body is the credential. */
  const identify = async (request: RestRequest, operation: Operation, params: Record<string, string>) => {
    const { req, url } = request;
    const { principal, ambient } = await authenticator.authenticate(req);
    if (ambient && isCrossSite(req.method ?? '', req.headers, publicUrl)) {
      throw new AppError('forbidden', 'The request comes from another site.');
    }
    const proof = operation.proof?.(kernel, { params, headers: toHeaders(req) }) ?? null;
    if (proof && !proof.present) {
      throw new AppError('unauthorized', `A signature is needed, in ${proof.expected}.`);
    }
    const admit = async (who: Principal) => {
      const header = req.headers[PROJECT_HEADER];
      const slug = typeof header === 'string' ? header : url.searchParams.get(PROJECT_PARAMETER);
      const projectId = await resolveProject(who, slug);
      requireAccess(who, projectId, operation.access);
      return { principal: who, projectId };
    };
    const readRaw = async () => {
      const raw = operation.method === 'post' ? await readBody(req) : Buffer.alloc(0);
      if (proof && !proof.verify(raw)) throw new AppError('unauthorized', 'The signature is wrong.');
      return raw;
    };
    if (principal) return { ...(await admit(principal)), readRaw };
    // A credential that is not valid is no reason to look for another.
    if (!proof || req.headers.authorization !== undefined) {
      throw new AppError('unauthorized', 'A valid API key or sign-in is needed.');
    }
    const raw = await readRaw();
    return { ...(await admit(await proof.principal())), readRaw: async () => raw };
  };

  const run = async (request: RestRequest, operation: Operation, rawParams: Record<string, string>) => {
    const { req, res, url, requestId, log } = request;
    const { principal, projectId, readRaw } = await identify(request, operation, rawParams);
    const params = parsePart(operation.params, rawParams, 'path', 'not_found');
    const query = parsePart(operation.query, queryObject(url), 'query');
    const raw = await readRaw();
    const body =
      operation.body && !operation.rawBody
        ? parsePart(operation.body, jsonOf(operation.body, raw), 'body')
        : undefined;
    const abort = new AbortController();
    res.once('close', () => {
      if (!res.writableFinished) abort.abort();
    });
    return operation.handle(
      {
        kernel: projectKernel(kernel, await slugOf(projectId)),
        principal,
        projectId,
        requestId,
        log,
        signal: abort.signal,
        headers: toHeaders(req),
      },
      { params, query, body, raw },
    );
  };

  return async (request) => {
    const { req, res, url, requestId, log } = request;
    const found = match(req.method ?? 'GET', url.pathname.slice(REST_PREFIX.length));
    if (found.kind === 'wrong_method') {
      const message = `This address answers ${found.allow.join(', ')}.`;
      sendReply(req, res, {
        status: 405,
        body: { error: { code: 'method_not_allowed', message, requestId } },
        headers: { allow: found.allow.join(', ') },
      });
      return `${REST_PREFIX}/*`;
    }
    const route = found.kind === 'operation' ? `${REST_PREFIX}${found.operation.path}` : `${REST_PREFIX}/*`;
    try {
      if (found.kind === 'unknown') throw notFound('Address');
      const reply: OperationReply = await run(request, found.operation, found.params);
      sendReply(req, res, reply);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code === 'internal' || error.code === 'unavailable')
        log.error({ err: thrown, route }, 'request failed');
      const reply = describeError(error, requestId);
      if (error.code === 'unauthorized' && found.kind === 'operation' && found.operation.asksForPassword) {
        reply.headers['www-authenticate'] = 'Basic realm="tars", Bearer realm="tars"';
      }
      sendReply(req, res, reply);
    }
    return route;
  };
}

/** No body stands for an empty object where nothing has to be in it. */
const jsonOf = (schema: z.ZodType, raw: Buffer): unknown =>
  raw.length === 0 && schema.safeParse({}).success ? {} : parseJsonBody(raw);

/** A malformed id in a path is an unknown id: `not_found`, not a hint at what ids look like. */
function parsePart(
  schema: z.ZodType | undefined,
  value: unknown,
  part: 'path' | 'query' | 'body',
  code: 'bad_request' | 'not_found' = 'bad_request',
): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  if (code === 'not_found') throw notFound('Address');
  throw new AppError('bad_request', `The ${part} is not valid.`, {
    fields: toFieldIssues(parsed.error, part),
  });
}

/** `?a=1&b=2&b=3` as `{a: '1', b: ['2', '3']}`. */
function queryObject(url: URL): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const name of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(name).map(storable);
    query[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return query;
}

function toHeaders(req: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}
