import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyScope } from '#src/features/access/schema.ts';
import { createApiKey, createProject } from '#src/features/access/server/index.ts';
import type { Role } from '#src/server/auth/principal.ts';
import { issueSessionToken, sessionCookieName } from '#src/server/auth/session-token.ts';
import { loadConfig } from '#src/server/config/index.ts';
import { createSecretBox } from '#src/server/crypto.ts';
import type { Database } from '#src/server/db/database.ts';
import { loadEnv } from '#src/server/env.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { createLogger } from '#src/server/logger.ts';
import { createMetrics } from '#src/server/metrics.ts';
import { type HttpServerOptions, startHttpServer } from '#src/web/http-server.ts';
import { openRealtime } from '#src/web/open-realtime.ts';

export const AUTH_SECRET = 'a secret of the tests, long enough';

export type TestWeb = {
  url: string;
  kernel: Kernel;
  /** A new project; `slug` must be unique in the test's database. */
  project(slug: string): Promise<string>;
  /** A new key of a project, as it goes into `Authorization: Bearer`. */
  key(projectId: string, scope: KeyScope): Promise<string>;
  /** A new user with the given roles by project id, with what makes a request theirs: a `Cookie` header. */
  user(roles: Record<string, Role>, name?: string): Promise<{ userId: string; cookie: string }>;
  /** The same, when only the header is needed. */
  cookie(roles: Record<string, Role>): Promise<string>;
  /** Shuts the server down as the process does; `close` too, and removes what was written. */
  stop(options: { noticeMs: number }): Promise<void>;
  close(): Promise<void>;
};

/** The real HTTP server, without pages unless given, on a free port, over a kernel with the built-in configuration. */
export async function startTestWeb(
  database: Database,
  options: {
    env?: Record<string, string>;
    configDir?: string;
    openPages?: HttpServerOptions['openPages'];
  } = {},
): Promise<TestWeb> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tars-web-'));
  const variables = {
    NODE_ENV: 'test',
    TARS_PORT: '0',
    TARS_DATA_DIR: dataDir,
    LOG_LEVEL: 'fatal',
    ...options.env,
  };
  const env = loadEnv(variables);
  const { config } = await loadConfig({ directory: options.configDir ?? dataDir, env: variables });
  const kernel: Kernel = {
    env,
    log: createLogger({ level: env.logLevel, process: 'test' }),
    database,
    config: { current: () => config },
    metrics: createMetrics(),
    secrets: createSecretBox(AUTH_SECRET),
  };
  const server = await startHttpServer({
    kernel,
    authSecret: AUTH_SECRET,
    openRealtime,
    ...(options.openPages ? { openPages: options.openPages } : {}),
  });
  const user: TestWeb['user'] = async (roles, name = 'A person') => {
    const userId = newId();
    const memberships = Object.entries(roles).map(([projectId, role]) => ({ projectId, role }));
    await database.prisma.user.create({
      data: { id: userId, subject: `test:${userId}`, name, memberships: { create: memberships } },
    });
    const token = await issueSessionToken(AUTH_SECRET, userId);
    return { userId, cookie: `${sessionCookieName(server.publicUrl)}=${token}` };
  };
  return {
    url: server.url,
    kernel,
    user,
    cookie: async (roles) => (await user(roles)).cookie,
    project: async (slug) => (await createProject(kernel, { slug })).id,
    key: async (projectId, scope) =>
      (await createApiKey(kernel, { projectId, actor: 'test', name: scope, scope })).key,
    stop: (stopping) => server.close(stopping),
    async close() {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
