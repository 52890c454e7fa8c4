import { afterAll, beforeAll, expect } from 'vitest';
import type { Holder } from '#src/features/mcp-servers/server/credential.ts';
import { finishSignIn } from '#src/features/mcp-servers/server/finish-sign-in.ts';
import { startSignIn } from '#src/features/mcp-servers/server/start-sign-in.ts';
import { newId } from '#src/server/ids.ts';
import { type AgentRuns, useAgentRuns } from '../agent-runs.ts';
import { urlFixture } from '../mcp-servers/fixture-config.ts';
import { type HttpFixture, startHttpFixture } from '../mcp-servers/start-http-fixture.ts';
import { type AuthorizationServer, startAuthorizationServer } from './start-authorization-server.ts';

export type HubPerson = { userId: string; name: string; role: 'admin' | 'operator' };

export type HubRuns = {
  readonly runs: AgentRuns;
  readonly authority: AuthorizationServer;
  readonly hub: HttpFixture;
  /** `hub` for the configuration. */
  server(auth?: { perUser?: boolean }): Record<string, unknown>;
  /** A member of the project: an operator unless said otherwise. */
  person(name: string, role?: HubPerson['role']): Promise<HubPerson>;
  /** Goes the whole way from the button to the connection. */
  signIn(person: HubPerson, holder: Holder): Promise<void>;
};

/** Whole runs in a test file, with an MCP server `hub` beside `box` that accepts an authorization server's tokens only. */
export function useHubRuns(): HubRuns {
  const runs = useAgentRuns();
  let authority: AuthorizationServer;
  let hub: HttpFixture;
  beforeAll(async () => {
    authority = await startAuthorizationServer();
    hub = await startHttpFixture({
      signIn: {
        issuer: authority.url,
        accepts: (token, resource) => authority.grants.accepts(token, resource),
      },
    });
  });
  afterAll(() => Promise.all([authority?.close(), hub?.close()]));

  return {
    runs,
    get authority() {
      return authority;
    },
    get hub() {
      return hub;
    },
    server: (auth = {}) => ({
      transport: { ...urlFixture('http', hub.url).transport, auth: { type: 'oauth', ...auth } },
    }),
    async person(name, role = 'operator') {
      const userId = newId();
      await runs.database.prisma.user.create({
        data: {
          id: userId,
          subject: `test:${userId}`,
          name,
          memberships: { create: { projectId: runs.projectId, role } },
        },
      });
      return { userId, name, role };
    },
    async signIn({ userId, name, role }, holder) {
      const { projectId } = runs;
      const { url } = await startSignIn(runs.kernel, { server: 'hub', holder, projectId, userId });
      const consent = await fetch(url, { redirect: 'manual' });
      const back = new URL(consent.headers.get('location') ?? '').searchParams;
      const finished = await finishSignIn(runs.kernel, {
        person: { kind: 'user', userId, name, memberships: new Map([[projectId, role]]) },
        answer: {
          state: back.get('state') ?? '',
          code: back.get('code'),
          error: null,
          issuer: back.get('iss'),
        },
      });
      expect(finished.outcome).toBe('connected');
    },
  };
}
