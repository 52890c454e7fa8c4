import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:net';
import type { ResourceInfo } from '../kinds/resources.ts';
import type { Certificate } from '../self-signed-certificate.ts';
import type { Simulation } from '../simulation.ts';
import { type Admin, handleAdmin } from './admin.ts';
import { findResource, sendGroup, sendResources, sendRoots, sendVersion } from './discovery.ts';
import { type Exchange, readBody, sendJson } from './exchange.ts';
import { sendLog } from './logs.ts';
import { sendMetrics, sendStatsSummary } from './metrics.ts';
import { sendNodeLog } from './node-log.ts';
import { sendOpenApi } from './openapi.ts';
import { getObject, listObjects } from './read.ts';
import { handleScale } from './scale.ts';
import { ApiError, toApiError } from './status-error.ts';
import { watchObjects } from './watch.ts';
import {
  createObject,
  deleteCollection,
  deleteObject,
  evictPod,
  patchObject,
  replaceObject,
} from './write.ts';

export interface ApiServerOptions {
  simulation: Simulation;
  admin: Admin;
  /** Bearer token every request must carry. */
  token: string;
}

const OPEN_PATHS = ['/healthz', '/livez', '/readyz', '/version'];

export interface ApiServer {
  /** TLS, for clients of Kubernetes, which send a bearer token over nothing else. */
  tls: CloseableServer;
  /** Plain HTTP with the same routes, for callers on this machine that do not want to load an authority. */
  plain: CloseableServer;
}

export interface CloseableServer extends Server {
  closeAllConnections(): void;
}

/** The API server's HTTP face over a simulation; not yet listening. */
export function createApiServer(options: ApiServerOptions, certificate: Certificate): ApiServer {
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    handle(options, request, response).catch((error: unknown) => sendError(response, error));
  };
  const tls = createTlsServer({ key: certificate.privateKey, cert: certificate.certificate }, answer);
  return { tls, plain: createPlainServer(answer) };
}

function sendError(response: ServerResponse, error: unknown): void {
  const failure = toApiError(error);
  if (response.headersSent) response.destroy();
  else sendJson(response, failure.code, failure.toStatus());
}

async function handle(
  options: ApiServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const exchange: Exchange = {
    request,
    response,
    method: request.method ?? 'GET',
    path: decodePath(url.pathname),
    query: url.searchParams,
    accept: request.headers.accept ?? '',
    simulation: options.simulation,
  };
  if (!OPEN_PATHS.includes(url.pathname) && request.headers.authorization !== `Bearer ${options.token}`) {
    throw new ApiError(401, 'Unauthorized', 'Unauthorized');
  }
  await route(exchange, options);
}

function decodePath(pathname: string): string[] {
  try {
    return pathname.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    throw new ApiError(400, 'BadRequest', 'malformed path');
  }
}

function notFound(): never {
  throw new ApiError(404, 'NotFound', 'the server could not find the requested resource');
}

async function route(exchange: Exchange, options: ApiServerOptions): Promise<void> {
  const { path, response } = exchange;
  const [root, second, third] = path;
  switch (root) {
    case 'healthz':
    case 'livez':
    case 'readyz':
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
      return;
    case 'version':
      return sendVersion(exchange);
    case '_demo':
      return handleAdmin(exchange, options.admin);
    case 'openapi':
      if (second !== 'v3') notFound();
      return sendOpenApi(exchange);
    case 'api':
      if (second === undefined) return sendRoots(exchange, 'api');
      return routeVersion(exchange, '', second, path.slice(2));
    case 'apis':
      if (second === undefined) return sendRoots(exchange, 'apis');
      if (third === undefined) return sendGroup(exchange, second) ? undefined : notFound();
      return routeVersion(exchange, second, third, path.slice(3));
    default:
      return notFound();
  }
}

async function routeVersion(
  exchange: Exchange,
  group: string,
  version: string,
  rest: string[],
): Promise<void> {
  if (rest.length === 0) return sendResources(exchange, group, version) ? undefined : notFound();
  const [first, second, third] = rest;
  if (group === 'authorization.k8s.io') return answerReview(exchange, first);
  if (group === '' && first === 'nodes' && second && third === 'proxy')
    return routeNodeProxy(exchange, second, rest.slice(3));
  const scoped = first === 'namespaces' && rest.length >= 3 && third !== 'status' && third !== 'finalize';
  const namespace = scoped ? second : undefined;
  const [plural = '', name, subresource] = scoped ? rest.slice(2) : rest;
  if (group === 'metrics.k8s.io')
    return sendMetrics(exchange, plural, namespace, name) ? undefined : notFound();
  const info = findResource(group, version, plural);
  if (!info) notFound();
  if (name === undefined) return handleCollection(exchange, info, namespace);
  return handleObject(exchange, info, namespace, name, subresource);
}

function routeNodeProxy(exchange: Exchange, node: string, rest: string[]): void {
  if (rest[0] === 'stats' && rest[1] === 'summary') sendStatsSummary(exchange, node);
  else if (rest[0] === 'logs') sendNodeLog(exchange, node);
  else notFound();
}

async function handleCollection(
  exchange: Exchange,
  info: ResourceInfo,
  namespace: string | undefined,
): Promise<void> {
  const { method, query } = exchange;
  if (method === 'GET') {
    const watch = query.get('watch');
    return watch === 'true' || watch === '1'
      ? watchObjects(exchange, info, namespace)
      : listObjects(exchange, info, namespace);
  }
  if (method === 'POST') return createObject(exchange, info, namespace);
  if (method === 'DELETE') return deleteCollection(exchange, info, namespace);
  throw new ApiError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
  );
}

async function handleObject(
  exchange: Exchange,
  info: ResourceInfo,
  namespace: string | undefined,
  name: string,
  subresource?: string,
): Promise<void> {
  if (subresource === 'log' && info.resource === 'pods') return sendLog(exchange, namespace, name);
  if (subresource === 'eviction' && exchange.method === 'POST') return evictPod(exchange, namespace, name);
  if (subresource === 'scale') return handleScale(exchange, info, namespace, name);
  if (subresource !== undefined && subresource !== 'status') notFound();
  switch (exchange.method) {
    case 'GET':
      if (exchange.query.get('watch') === 'true') {
        exchange.query.set('fieldSelector', `metadata.name=${name}`);
        return watchObjects(exchange, info, namespace);
      }
      return getObject(exchange, info, namespace, name);
    case 'PUT':
      return replaceObject(exchange, info, namespace, name, subresource);
    case 'PATCH':
      return patchObject(exchange, info, namespace, name, subresource);
    case 'DELETE':
      return deleteObject(exchange, info, namespace, name);
    default:
      throw new ApiError(
        405,
        'MethodNotAllowed',
        'the server does not allow this method on the requested resource',
      );
  }
}

/**
 * Access reviews: whoever holds the token may do everything, so what is asked does not matter. That matters itself:
 * clients written in Go send these in protobuf, which this server does not read.
 */
async function answerReview(exchange: Exchange, plural: string | undefined): Promise<void> {
  const kinds: Record<string, string> = {
    selfsubjectaccessreviews: 'SelfSubjectAccessReview',
    selfsubjectrulesreviews: 'SelfSubjectRulesReview',
  };
  const kind = kinds[plural ?? ''];
  if (exchange.method !== 'POST' || !kind) notFound();
  await readBody(exchange.request);
  const resourceRules = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }];
  const status =
    kind === 'SelfSubjectAccessReview'
      ? { allowed: true, reason: 'the token allows everything' }
      : { incomplete: false, resourceRules, nonResourceRules: [] };
  const review = {
    kind,
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec: {},
    status,
  };
  sendJson(exchange.response, 201, review);
}
