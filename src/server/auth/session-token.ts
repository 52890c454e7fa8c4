import { decode, encode } from 'next-auth/jwt';
import { SIGN_IN_MAX_AGE_SECONDS } from './tunables.ts';

/** Our own cookie name: others on the same host (cookies ignore ports) use next-auth's default. */
export const sessionCookieName = (publicUrl: string): string =>
  publicUrl.startsWith('https://') ? '__Secure-tars-session' : 'tars-session';

/** Encrypts who is signed in. The token holds the user's id only; rights are read from the database each time. */
export const issueSessionToken = (secret: string, userId: string): Promise<string> =>
  encode({ token: { userId }, secret, maxAge: SIGN_IN_MAX_AGE_SECONDS });

/** The user's id, or null when the token is forged, damaged, of another installation, or expired. */
export async function readSessionToken(secret: string, token: string): Promise<string | null> {
  try {
    const claims = await decode({ token, secret });
    return typeof claims?.userId === 'string' ? claims.userId : null;
  } catch {
    return null;
  }
}

/** The attributes next-auth gets and our own `Set-Cookie` writes. */
export const sessionCookieOptions = (publicUrl: string) => ({
  httpOnly: true,
  sameSite: 'lax' as const,
  path: '/',
  secure: publicUrl.startsWith('https://'),
});

/** The `Set-Cookie` value that signs in. Session tokens are base64url and dots: nothing to escape. */
export function sessionCookieHeader(publicUrl: string, token: string): string {
  const secure = publicUrl.startsWith('https://') ? '; Secure' : '';
  return `${sessionCookieName(publicUrl)}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${SIGN_IN_MAX_AGE_SECONDS}${secure}`;
}
