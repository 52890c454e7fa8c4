import type { IncomingMessage, ServerResponse } from 'node:http';
import { OAUTH_CALLBACK_PATH } from '#src/features/mcp-servers/schema.ts';
import type { Authenticator } from '#src/server/auth/authenticate.ts';
import { AUTH_PREFIX, createNextAuthHandler } from '#src/server/auth/next-auth-handler.ts';
import { AppError, notFound } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { withLogContext } from '#src/server/logger.ts';
import { createRestHandler, REST_PREFIX } from '#src/server/rest/handle-rest.ts';
import { describeError, sendReply } from '#src/server/rest/send-reply.ts';
import { toAppError } from '#src/server/rest/to-app-error.ts';
import { createOAuthCallbackHandler } from './answer-oauth-callback.ts';
import { createTrpcHandler, TRPC_PREFIX } from './answer-trpc.ts';
import { failurePage, opensPage } from './failure-page.ts';
import { createHealthCheck, type RelayState } from './health.ts';
import { renderMetrics } from './metrics-endpoint.ts';
import { observeRequest } from './observe-request.ts';
import { requestIdOf } from './request-id.ts';
import { requireViewerAnywhere } from './require-viewer.ts';
import { restOperations } from './rest-operations.ts';
import { API_CONTENT_POLICY, setBaseHeaders } from './security-headers.ts';
import { createPageHandler, type PageRenderer } from './serve-pages.ts';
import { createLoginLinkHandler, LOGIN_PREFIX } from './sign-in-with-link.ts';
import type { WebRequest } from './web-request.ts';

type Wiring = {
  kernel: Kernel;
  authenticator: Authenticator;
  authSecret: string;
  publicUrl: string;
  pages: PageRenderer | undefined;
  relay: RelayState | null;
  isStopping: () => boolean;
};

/** Answers a request and names its route for metrics and the log: a pattern, never an address with ids in it. */
type Route = (request: WebRequest) => Promise<string>;

/** The first thing that runs for every request: ids, headers, dispatch, errors, the access log. Never throws. */
export function createRequestHandler(wiring: Wiring): (req: IncomingMessage, res: ServerResponse) => void {
  const { kernel, publicUrl } = wiring;
  const dispatch = createDispatcher(wiring);
  return (req, res) => {
    const requestId = requestIdOf(req);
    const started = performance.now();
    res.setHeader('x-request-id', requestId);
    setBaseHeaders(res, publicUrl);
    void withLogContext({ requestId }, async () => {
      let route = 'invalid';
      const closed = new Promise<void>((resolve) => res.once('close', resolve));
      try {
        const url = parseUrl(req, publicUrl);
        if (isApi(url.pathname)) res.setHeader('content-security-policy', API_CONTENT_POLICY);
        route = await dispatch({ req, res, url, requestId, log: kernel.log });
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.code === 'internal' || error.code === 'unavailable') {
          kernel.log.error({ err: thrown }, 'request failed');
        }
        const reply = describeError(error, requestId);
        const { message } = reply.body.error;
        sendReply(
          req,
          res,
          opensPage(req)
            ? failurePage({ status: reply.status, code: error.code, message, requestId })
            : reply,
        );
      }
      await closed;
      observeRequest(kernel, { req, res, route, durationMs: performance.now() - started });
    });
  };
}

const isApi = (path: string): boolean => path.startsWith('/api/');

function parseUrl(req: IncomingMessage, publicUrl: string): URL {
  try {
    // A target of `//host/path` would otherwise be read as another host.
    return new URL((req.url ?? '/').replace(/^\/+/, '/'), publicUrl);
  } catch (cause) {
    throw new AppError('bad_request', 'The address is not valid.', { cause });
  }
}

function createDispatcher(wiring: Wiring): Route {
  const { kernel, authenticator, authSecret, publicUrl, pages, relay, isStopping } = wiring;
  const shared = { kernel, authenticator, authSecret, publicUrl };
  const rest = createRestHandler({ ...shared, operations: restOperations });
  const trpc = createTrpcHandler(shared);
  const nextAuth = createNextAuthHandler(shared);
  const loginLink = createLoginLinkHandler(shared);
  const oauthCallback = createOAuthCallbackHandler(shared);
  const checkHealth = createHealthCheck({ kernel, relay, isStopping });
  const page = pages ? createPageHandler({ renderer: pages, authenticator, env: kernel.env }) : undefined;

  return async (request) => {
    const { req, res, url } = request;
    const path = url.pathname;
    if (path === REST_PREFIX || path.startsWith(`${REST_PREFIX}/`)) return rest(request);
    if (path.startsWith(`${TRPC_PREFIX}/`)) {
      await trpc(request);
      return TRPC_PREFIX;
    }
    if (path.startsWith(`${AUTH_PREFIX}/`)) {
      await nextAuth(req, res, url);
      return AUTH_PREFIX;
    }
    if (path.startsWith(LOGIN_PREFIX)) {
      await loginLink(request);
      return `${LOGIN_PREFIX}{token}`;
    }
    switch (path) {
      case OAUTH_CALLBACK_PATH:
        await oauthCallback(request);
        return path;
      case '/api/health/live':
        sendReply(req, res, { status: 200, body: { status: 'ok' } });
        return path;
      case '/api/health': {
        const health = await checkHealth();
        sendReply(req, res, { status: health.status === 'down' ? 503 : 200, body: health });
        return path;
      }
      case '/api/metrics': {
        requireViewerAnywhere(await authenticator.principalFromRequest(req));
        const { contentType, text } = await renderMetrics(kernel);
        sendReply(req, res, { status: 200, body: text, headers: { 'content-type': contentType } });
        return path;
      }
    }
    if (isApi(path) || !page) throw notFound('Address');
    await page(request);
    return path.startsWith('/_next/') ? '/_next/*' : 'page';
  };
}
