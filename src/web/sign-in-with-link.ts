import { safeReturnPath } from '#src/lib/return-path.ts';
import type { Authenticator } from '#src/server/auth/authenticate.ts';
import { redeemLoginLink } from '#src/server/auth/login-link.ts';
import { issueSessionToken, sessionCookieHeader } from '#src/server/auth/session-token.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { sendReply } from '#src/server/rest/send-reply.ts';
import type { WebRequest } from './web-request.ts';

export const LOGIN_PREFIX = '/login/';

/**
 * `GET /login/{token}?to=/path`: uses the link up, sets the sign-in cookie and leads on. A link that is used up leads on
 * too when the browser is signed in already (a reload of the printed address).
 */
export function createLoginLinkHandler(options: {
  kernel: Kernel;
  authenticator: Authenticator;
  authSecret: string;
  publicUrl: string;
}) {
  const { kernel, authenticator, authSecret, publicUrl } = options;
  return async ({ req, res, url, log }: WebRequest): Promise<void> => {
    const to = safeReturnPath(url.searchParams.get('to'));
    // HEAD is what link previews send; it must not use the link up.
    const userId =
      req.method === 'GET' ? await redeemLoginLink(kernel, url.pathname.slice(LOGIN_PREFIX.length)) : null;
    if (userId) {
      const token = await issueSessionToken(authSecret, userId);
      log.info({ userId }, 'signed in with a one-time link');
      res.setHeader('set-cookie', sessionCookieHeader(publicUrl, token));
      sendReply(req, res, { status: 303, headers: { location: to } });
      return;
    }
    const signedIn = (await authenticator.principalFromRequest(req)) !== null;
    const location = signedIn ? to : '/sign-in?error=LoginLink';
    sendReply(req, res, { status: 303, headers: { location } });
  };
}
