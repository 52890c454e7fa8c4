/** The one place where browser code names the server's procedures; a type, so no server code comes along. */
export type { AppRouter } from '#src/web/root-router.ts';
