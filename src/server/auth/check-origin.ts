import type { IncomingHttpHeaders } from 'node:http';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a request that carries ambient credentials (cookie, proxy headers) may be a foreign page's doing.
 * Browsers state the origin of every mutation (`Sec-Fetch-Site`, `Origin`); a program that states none and sends a
 * cookie did so on purpose. Source: OWASP CSRF cheat sheet, "Fetch Metadata" and "Verifying Origin".
 */
export function isCrossSite(method: string, headers: IncomingHttpHeaders, publicUrl: string): boolean {
  if (SAFE_METHODS.has(method)) return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const { origin } = headers;
  if (origin === undefined) return false;
  if (origin === new URL(publicUrl).origin) return false;
  try {
    return new URL(origin).host !== headers.host;
  } catch {
    return true;
  }
}
