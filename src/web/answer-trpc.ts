import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import type { Authenticator } from '#src/server/auth/authenticate.ts';
import { isCrossSite } from '#src/server/auth/check-origin.ts';
import { AppError } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { parseJsonBody } from '#src/server/rest/parse-json-body.ts';
import { readBody } from '#src/server/rest/read-body.ts';
import { sendReply } from '#src/server/rest/send-reply.ts';
import { rootRouter } from './root-router.ts';
import type { WebRequest } from './web-request.ts';

export const TRPC_PREFIX = '/api/trpc';

/** tRPC for the dashboard. Cookies are refused from other sites before anything runs. */
export function createTrpcHandler(options: {
  kernel: Kernel;
  authenticator: Authenticator;
  publicUrl: string;
}) {
  const { kernel, authenticator, publicUrl } = options;
  return async ({ req, res, url, requestId, log }: WebRequest): Promise<void> => {
    const method = req.method ?? 'GET';
    const { principal, ambient } = await authenticator.authenticate(req);
    if (ambient && isCrossSite(method, req.headers, publicUrl)) {
      throw new AppError('forbidden', 'The request comes from another site.');
    }
    const body = method === 'POST' ? await readBody(req) : Buffer.alloc(0);
    const address = new URL(url.pathname + url.search, publicUrl);
    const input = address.searchParams.get('input');
    if (input !== null) address.searchParams.set('input', checkedJson(Buffer.from(input)));
    const response = await fetchRequestHandler({
      endpoint: TRPC_PREFIX,
      router: rootRouter,
      req: new Request(address, {
        method,
        headers: contentHeaders(req.headers['content-type']),
        ...(body.length > 0 ? { body: checkedJson(body) } : {}),
      }),
      createContext: () => ({ kernel, principal, requestId, log }),
    });
    sendReply(req, res, {
      status: response.status,
      body: Buffer.from(await response.arrayBuffer()),
      headers: { 'content-type': response.headers.get('content-type') ?? 'application/json' },
    });
  };
}

/** Same bounds as REST: depth, UTF-8, characters that PostgreSQL refuses. */
const checkedJson = (bytes: Buffer): string => JSON.stringify(parseJsonBody(bytes));

const contentHeaders = (contentType: string | undefined): Record<string, string> =>
  contentType ? { 'content-type': contentType } : {};
