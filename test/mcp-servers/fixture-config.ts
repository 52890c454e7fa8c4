import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';

/** The stdio fixture's file. */
const FIXTURE_SERVER_PATH = fileURLToPath(new URL('./fixture-server.ts', import.meta.url));

/** The variable by which tests find the processes of one fixture, its descendants included. */
export const FIXTURE_MARK = 'FIXTURE_MARK';

/** A server configuration that starts the fixture over stdio; `mark` finds its processes. */
export function stdioFixture(env: Record<string, string> = {}, timeoutMs?: number) {
  const mark = randomUUID();
  const config = {
    transport: {
      type: 'stdio' as const,
      command: process.execPath,
      args: [FIXTURE_SERVER_PATH],
      env: { ...env, [FIXTURE_MARK]: mark },
    },
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
  };
  return { config, mark };
}

/** A server configuration for a URL. */
export function urlFixture(type: 'http' | 'sse', url: string, headers: Record<string, string> = {}) {
  return { transport: { type, url, headers } };
}
