import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AuthOptions } from 'next-auth';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { Kernel } from '../kernel.ts';
import { readBody } from '../rest/read-body.ts';
import { type ExternalProfile, ensureExternalUser } from './external-users.ts';
import { gitHubProvider } from './github-provider.ts';
import { sessionCookieName, sessionCookieOptions } from './session-token.ts';
import { SIGN_IN_BODY_MAX_BYTES, SIGN_IN_MAX_AGE_SECONDS } from './tunables.ts';

export const AUTH_PREFIX = '/api/auth';

/** What next-auth's Node handler reads of a request and calls on a response (the shape of a Next API route). */
type AuthRequest = {
  method: string;
  headers: Record<string, string | string[] | undefined>;
  query: Record<string, string | string[]>;
  cookies: Record<string, string>;
  body: Record<string, unknown>;
};
type AuthResponse = {
  status(code: number): AuthResponse;
  setHeader(name: string, value: string | string[]): AuthResponse;
  getHeader(name: string): number | string | string[] | undefined;
  json(body: unknown): void;
  send(body: unknown): void;
  end(): void;
};
type NextAuth = (req: AuthRequest, res: AuthResponse, options: AuthOptions) => Promise<void>;

// CommonJS with a `default`: an ESM import would see the wrapper object where its types promise the function.
const { default: nextAuth }: { default: NextAuth } = createRequire(import.meta.url)('next-auth');

/**
 * next-auth below `/api/auth`, run by our own server rather than inside Next's bundle: it shares the process's kernel
 * and is testable without a build. JWT sessions that carry the user's id only.
 */
export function createNextAuthHandler(options: { kernel: Kernel; authSecret: string; publicUrl: string }) {
  const { publicUrl } = options;
  // next-auth takes its own address from the forwarded headers only when told so; we always set these ourselves below,
  // from our public address, never from the request.
  process.env.AUTH_TRUST_HOST = 'true';
  const { host, protocol } = new URL(publicUrl);
  const forwarded = { 'x-forwarded-host': host, 'x-forwarded-proto': protocol.replace(':', '') };
  const authOptions = nextAuthOptions(options);

  return async (req: IncomingMessage, res: ServerResponse, url: URL): Promise<void> => {
    const segments = url.pathname.slice(AUTH_PREFIX.length).split('/').filter(Boolean);
    const body = req.method === 'POST' ? await readForm(req) : {};
    await nextAuth(
      {
        method: req.method ?? 'GET',
        headers: { ...req.headers, ...forwarded },
        query: { ...Object.fromEntries(url.searchParams), nextauth: segments },
        cookies: parseCookies(req.headers.cookie),
        body,
      },
      toAuthResponse(res),
      // next-auth writes into its options.
      { ...authOptions },
    );
  };
}

function nextAuthOptions(options: { kernel: Kernel; authSecret: string; publicUrl: string }): AuthOptions {
  const { kernel, authSecret, publicUrl } = options;
  const { log } = kernel;
  return {
    secret: authSecret,
    providers: kernel.env.github ? [gitHubProvider(kernel.env.github)] : [],
    session: { strategy: 'jwt', maxAge: SIGN_IN_MAX_AGE_SECONDS },
    useSecureCookies: publicUrl.startsWith('https://'),
    cookies: {
      sessionToken: { name: sessionCookieName(publicUrl), options: sessionCookieOptions(publicUrl) },
    },
    pages: { signIn: '/sign-in', error: '/sign-in', signOut: '/sign-in' },
    callbacks: {
      async jwt({ token, account, profile }) {
        if (!account) return { userId: token.userId };
        const userId = await ensureExternalUser(kernel, readProfile(profile));
        log.info({ provider: account.provider, userId }, 'signed in');
        return { userId };
      },
      session: ({ session }) => ({ expires: session.expires }),
    },
    logger: {
      error: (code, metadata) => log.warn({ code, err: metadata }, 'sign-in failed'),
      warn: (code) => log.debug({ code }, 'next-auth'),
      debug: () => undefined,
    },
  };
}

const externalProfileSchema = z.object({
  subject: z.string(),
  name: z.string(),
  email: z.string().optional(),
  image: z.string().optional(),
  identities: z.array(z.string()),
});

/** The profile that `gitHubProvider` made; next-auth hands it through as `unknown` values. */
function readProfile(profile: object | undefined): ExternalProfile {
  const { image, email, ...rest } = externalProfileSchema.parse({ ...profile });
  return { ...rest, email: email ?? null, imageUrl: image ?? null };
}

async function readForm(req: IncomingMessage): Promise<Record<string, unknown>> {
  const text = (await readBody(req, SIGN_IN_BODY_MAX_BYTES)).toString('utf8');
  if (!(req.headers['content-type'] ?? '').includes('application/json')) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? { ...value } : {};
  } catch (cause) {
    throw new AppError('bad_request', 'The body is not valid JSON.', { cause });
  }
}

function parseCookies(header: string | undefined): Record<string, string> {
  const cookies: Record<string, string> = {};
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at <= 0) continue;
    const value = part.slice(at + 1).trim();
    try {
      cookies[part.slice(0, at).trim()] = decodeURIComponent(value);
    } catch {
      cookies[part.slice(0, at).trim()] = value;
    }
  }
  return cookies;
}

function toAuthResponse(res: ServerResponse): AuthResponse {
  const response: AuthResponse = {
    status(code) {
      res.statusCode = code;
      return response;
    },
    setHeader(name, value) {
      res.setHeader(name, value);
      return response;
    },
    getHeader: (name) => res.getHeader(name),
    json(body) {
      res.setHeader('content-type', 'application/json; charset=utf-8');
      res.end(JSON.stringify(body));
    },
    send(body) {
      if (typeof body === 'string' || body === undefined || body === null) res.end(body ?? '');
      else response.json(body);
    },
    end: () => void res.end(),
  };
  return response;
}
