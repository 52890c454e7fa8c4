import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/** Headers of every answer, API and page. */
export function setBaseHeaders(res: ServerResponse, publicUrl: string): void {
  res.setHeader('x-content-type-options', 'nosniff');
  res.setHeader('x-frame-options', 'DENY');
  res.setHeader('referrer-policy', 'same-origin');
  res.setHeader('cross-origin-opener-policy', 'same-origin');
  res.setHeader('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()');
  if (publicUrl.startsWith('https://')) res.setHeader('strict-transport-security', 'max-age=31536000');
}

/** What an API answer may do if a browser renders it: nothing. */
export const API_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'";

export const newNonce = (): string => randomBytes(16).toString('base64');

/**
 * The policy of pages. Scripts run by nonce only; images and connections stay on this host, because pages show text
 * written by models and taken from logs, and an image address is the usual way to leak what they saw. Styles allow
 * inline ones: React and the toaster set style attributes.
 */
export function pageContentPolicy(options: {
  nonce: string;
  mode: 'development' | 'test' | 'production';
  /** Where the sign-in form may lead besides here: browsers apply `form-action` to redirects too. */
  formTarget: string | undefined;
}): string {
  const evaluation = options.mode === 'development' ? " 'unsafe-eval'" : '';
  const formTarget = options.formTarget ? ` ${new URL(options.formTarget).origin}` : '';
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${options.nonce}' 'strict-dynamic'${evaluation}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    `form-action 'self'${formTarget}`,
    "frame-ancestors 'none'",
  ].join('; ');
}
