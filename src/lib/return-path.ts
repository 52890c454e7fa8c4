/** Where to sign in, and come back to `path` afterwards. */
export const signInAddress = (path: string): string =>
  path === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(path)}`;

/** A path on this origin, whatever was asked for. Browsers read `//host` and `/\host` as other hosts. */
export function safeReturnPath(to: string | null): string {
  if (!to?.startsWith('/') || to.startsWith('//') || /[\\\p{Cc}]/u.test(to)) return '/';
  return to;
}
