import type { IncomingHttpHeaders } from 'node:http';
import type { Env } from '../env.ts';

/** What a request shows to prove who it is, before anything is looked up. Strongest statement first. */
export type Credential =
  | { kind: 'key'; key: string }
  | { kind: 'proxy'; user: string; email: string | null }
  | { kind: 'cookie'; token: string }
  | { kind: 'none' }
  /** An `Authorization` header that cannot be ours: answered with 401, never with a weaker credential. */
  | { kind: 'invalid' };

const BEARER = /^Bearer\s+(\S+)$/i;
const BASIC = /^Basic\s+([A-Za-z0-9+/=]+)$/i;
/** Keys are `tars_` and base64url; anything longer than this is noise. */
const KEY = /^tars_[A-Za-z0-9_-]{16,128}$/;
const PROXY_VALUE_MAX_LENGTH = 200;

/**
 * Reads the credential of a request. An `Authorization` header wins over proxy headers, and these over the cookie:
 * a request that names a key is never answered with what the browser happens to carry.
 */
export function readCredentials(
  headers: IncomingHttpHeaders,
  options: { cookieName: string; proxyHeaders: Env['proxyHeaders'] },
): Credential {
  const { authorization } = headers;
  if (authorization !== undefined) {
    const key = keyFromAuthorization(authorization);
    return key ? { kind: 'key', key } : { kind: 'invalid' };
  }
  if (options.proxyHeaders) {
    const user = singleHeader(headers[options.proxyHeaders.user]);
    const emailHeader = options.proxyHeaders.email;
    if (user) return { kind: 'proxy', user, email: emailHeader ? singleHeader(headers[emailHeader]) : null };
  }
  const token = readCookie(headers.cookie, options.cookieName);
  return token ? { kind: 'cookie', token } : { kind: 'none' };
}

function keyFromAuthorization(authorization: string): string | null {
  const bearer = BEARER.exec(authorization)?.[1];
  if (bearer !== undefined) return KEY.test(bearer) ? bearer : null;
  const basic = BASIC.exec(authorization)?.[1];
  if (basic === undefined) return null;
  const decoded = Buffer.from(basic, 'base64').toString('utf8');
  const password = decoded.slice(decoded.indexOf(':') + 1);
  return KEY.test(password) ? password : null;
}

function singleHeader(value: string | string[] | undefined): string | null {
  // Sent twice, one of the two was not written by the proxy.
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return text.length > 0 && text.length <= PROXY_VALUE_MAX_LENGTH ? text : null;
}

/** One cookie of a `Cookie` header; null when absent or empty. */
export function readCookie(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim() || null;
  }
  return null;
}
