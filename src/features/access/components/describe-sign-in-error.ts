/** Says in words what the codes in `?error=` mean: next-auth's, and ours for login links. */
export function describeSignInError(code: string): string {
  switch (code) {
    case 'LoginLink':
      return 'This link has been used or has expired. Print a new one.';
    case 'AccessDenied':
      return 'GitHub knows you, but you are not allowed in here. Ask an administrator to add you to a project.';
    case 'OAuthSignin':
    case 'OAuthCallback':
    case 'Callback':
      return 'GitHub did not complete the sign-in. Try again; if it stays, an administrator should check the client id and secret.';
    case 'Configuration':
      return 'Sign-in is not configured correctly. The server log says what is wrong.';
    default:
      return 'Signing in did not work. Try again.';
  }
}
