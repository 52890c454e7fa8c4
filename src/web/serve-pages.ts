import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Authenticator } from '#src/server/auth/authenticate.ts';
import type { Env } from '#src/server/env.ts';
import { sendReply } from '#src/server/rest/send-reply.ts';
import { release } from '#src/server/version.ts';
import { failurePage, opensPage, replaceBareFailure } from './failure-page.ts';
import { newNonce, pageContentPolicy } from './security-headers.ts';
import type { WebRequest } from './web-request.ts';

/** Whoever renders pages: Next in the product, nobody in tests of the API. */
export type PageRenderer = {
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** WebSocket upgrades that are not ours (hot reload in development). */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  close(): Promise<void>;
};

const SIGN_IN_PATH = '/sign-in';
const STATIC_PREFIX = '/_next/';

/**
 * Pages: sets the content policy with a fresh nonce, which Next reads from the request's own header and puts on its
 * scripts (`x-nonce` hands it to our layout, `x-release` what the page was served by), and leads people who are not
 * signed in to the sign-in page.
 */
export function createPageHandler(options: {
  renderer: PageRenderer;
  authenticator: Authenticator;
  env: Env;
}) {
  const { renderer, authenticator, env } = options;
  return async ({ req, res, url, requestId }: WebRequest): Promise<void> => {
    if (!url.pathname.startsWith(STATIC_PREFIX)) {
      if (wantsPage(req, url) && !(await authenticator.principalFromRequest(req))) {
        const to = url.pathname === '/' ? '' : `?to=${encodeURIComponent(url.pathname + url.search)}`;
        sendReply(req, res, { status: 303, headers: { location: `${SIGN_IN_PATH}${to}` } });
        return;
      }
      const nonce = newNonce();
      const policy = pageContentPolicy({ nonce, mode: env.mode, formTarget: env.github?.url });
      res.setHeader('content-security-policy', policy);
      req.headers['content-security-policy'] = policy;
      req.headers['x-nonce'] = nonce;
      req.headers['x-release'] = release;
    }
    if (opensPage(req)) {
      const failure = { status: 500, code: 'internal', message: '', requestId } as const;
      replaceBareFailure(res, () => failurePage(failure));
    }
    await renderer.handle(req, res);
  };
}

/** A person's navigation, as opposed to files and data that carry nothing private. */
function wantsPage(req: IncomingMessage, url: URL): boolean {
  return opensPage(req) && url.pathname !== SIGN_IN_PATH && !/\.[a-z0-9]{2,5}$/i.test(url.pathname);
}
