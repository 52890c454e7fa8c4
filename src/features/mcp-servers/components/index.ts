export { SignInHistory } from './sign-in-history.tsx';
export { SignInLine } from './sign-in-line.tsx';
export { SignInNotice } from './sign-in-notice.tsx';
