import { afterAll, beforeAll } from 'vitest';
import { z } from 'zod';
import { type Database, openDatabase } from '#src/server/db/database.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { openServerFetch } from '#src/server/mcp/index.ts';
import { writeConfig } from '../kernel.ts';
import type { Certificates } from '../mcp-servers/make-certificates.ts';
import { type HttpFixture, startHttpFixture } from '../mcp-servers/start-http-fixture.ts';
import { useTestDatabase } from '../postgres.ts';
import { startTestWeb, type TestWeb } from '../web/start-test-web.ts';
import { type AuthorizationServer, startAuthorizationServer } from './start-authorization-server.ts';

type JsonObject = Record<string, unknown>;

/** A person at the system page, as far as the page is requests. */
export type Person = {
  userId: string;
  name: string;
  cookie: string;
  call(procedure: string, input: JsonObject): Promise<{ status: number; data: unknown; message: string }>;
  /** Presses the button; the address of the consent page. */
  startSignIn(server: string): Promise<string>;
  /** Consents there (or not, as the authorization server is set) and comes back; where that leads. */
  comeBack(consentUrl: string): Promise<string>;
  /** The whole way. */
  signIn(server: string): Promise<string>;
  /** The same for themselves. */
  signInMyself(server: string): Promise<string>;
};

export type SignInBed = {
  readonly web: TestWeb;
  readonly authority: AuthorizationServer;
  /** An MCP server that accepts the authority's tokens only. */
  readonly box: HttpFixture;
  readonly database: Database;
  readonly projectId: string;
  /** Lays servers over the configuration of all processes. */
  configure(mcpServers: JsonObject): Promise<void>;
  /** The transport of `box`. */
  transport(auth?: JsonObject, changes?: JsonObject): JsonObject;
  person(role?: 'admin' | 'operator' | 'viewer', name?: string): Promise<Person>;
  /** The kernel of another process on the same database. */
  otherKernel(): Kernel;
};

const answerSchema = z.object({
  result: z.object({ data: z.unknown() }).optional(),
  error: z.object({ message: z.string() }).optional(),
});

/**
 * Web, an authorization server and a protected MCP server, for the tests of one file; the two over HTTPS with the
 * certificates, which the person's browser knows.
 */
export function useSignInBed({ certificates }: { certificates?: Certificates } = {}): SignInBed {
  const db = useTestDatabase();
  const browser = openServerFetch({ caFile: certificates?.caFile });
  const others: Database[] = [];
  let web: TestWeb;
  let authority: AuthorizationServer;
  let box: HttpFixture;
  let projectId: string;
  let current: Kernel['config'];

  beforeAll(async () => {
    authority = await startAuthorizationServer({ tls: certificates });
    box = await startHttpFixture({
      ...(certificates && { tls: certificates }),
      signIn: {
        issuer: authority.url,
        accepts: (token, resource) => authority.grants.accepts(token, resource),
        scope: 'tools',
      },
    });
    web = await startTestWeb(db.database, { configDir: await writeConfig({}) });
    projectId = await web.project('home');
    current = web.kernel.config;
    Object.assign(web.kernel.config, { current: () => current.current() });
  });
  afterAll(async () => {
    await web?.close();
    await browser.close();
    await Promise.all([authority?.close(), box?.close(), ...others.map((database) => database.close())]);
  });

  const person: SignInBed['person'] = async (role = 'admin', name = 'A person') => {
    const { userId, cookie } = await web.user({ [projectId]: role }, name);
    const call: Person['call'] = async (procedure, input) => {
      const response = await fetch(`${web.url}/api/trpc/${procedure}`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json' },
        body: JSON.stringify({ project: 'home', ...input }),
      });
      const { result, error } = answerSchema.parse(await response.json());
      return { status: response.status, data: result?.data, message: error?.message ?? '' };
    };
    const start = async (procedure: string, server: string) => {
      const { data, message } = await call(procedure, { server });
      return z.object({ url: z.string() }, { error: message }).parse(data).url;
    };
    const startSignIn: Person['startSignIn'] = (server) => start('mcpServers.startSignIn', server);
    const comeBack: Person['comeBack'] = async (consentUrl) => {
      const consent = await browser.fetch(consentUrl, { redirect: 'manual' });
      const back = await fetch(consent.headers.get('location') ?? '', {
        headers: { cookie },
        redirect: 'manual',
      });
      return back.headers.get('location') ?? `no way back: ${back.status}`;
    };
    return {
      userId,
      name,
      cookie,
      call,
      startSignIn,
      comeBack,
      signIn: async (server) => comeBack(await startSignIn(server)),
      signInMyself: async (server) => comeBack(await start('mcpServers.startMySignIn', server)),
    };
  };

  return {
    get web() {
      return web;
    },
    get authority() {
      return authority;
    },
    get box() {
      return box;
    },
    get database() {
      return db.database;
    },
    get projectId() {
      return projectId;
    },
    transport: (auth = {}, changes = {}) => ({
      type: 'http',
      url: box.url,
      auth: { type: 'oauth', ...auth },
      ...changes,
    }),
    async configure(mcpServers) {
      const { loadConfig } = await import('#src/server/config/index.ts');
      const { config } = await loadConfig({
        directory: await writeConfig({ mcpServers }),
        env: { PATH: process.env.PATH },
      });
      current = { current: () => config };
    },
    person,
    otherKernel() {
      const database = openDatabase(db.url);
      others.push(database);
      return { ...web.kernel, database, config: { current: () => current.current() } };
    },
  };
}
