import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { McpAuthConfig } from '#src/server/config/index.ts';
import { createGuardedFetch, openServerFetch, type ServerTls } from '#src/server/mcp/index.ts';
import { type AddressTrust, findAddressProblem, type Reach, resolveReaches } from './check-address.ts';
import { AUTHORIZATION_MAX_BYTES } from './tunables.ts';

/** An address that a server has named and that is not asked. The message says why. */
export class AddressError extends Error {
  override name = 'AddressError';
}

/** Of a server whose address is not known nothing is presumed. */
const widestReach = (reaches: readonly Reach[]): Reach =>
  reaches.length === 0 || reaches.includes('public') ? 'public' : 'private';

/**
 * A `fetch` for everything around a sign-in: bounded in size and time. Its addresses come from what servers say about
 * themselves, so each is looked at first. (The SDK follows redirects within the same host only.) Certificates are looked
 * at as the MCP server's configuration says, its authorization server's too: the two often share a private authority.
 */
export async function createAuthorizationFetch(
  { url: serverUrl, auth, tls }: { url: string; auth: McpAuthConfig | undefined; tls: ServerTls },
  limitMs: number,
): Promise<FetchLike> {
  const signal = AbortSignal.timeout(limitMs);
  const http = openServerFetch(tls);
  // What an exchange leaves open ends with its time.
  signal.addEventListener('abort', () => void http.close(), { once: true });
  const server = new URL(serverUrl);
  const trust: AddressTrust = {
    hosts: [server.host, ...(auth?.issuer ? [new URL(auth.issuer).host] : [])],
    server: widestReach(await resolveReaches(server.hostname)),
  };
  const bounded = createGuardedFetch(AUTHORIZATION_MAX_BYTES, http.fetch);
  return async (address, init) => {
    const url = new URL(address);
    const problem = findAddressProblem(url, await resolveReaches(url.hostname), trust);
    if (problem) throw new AddressError(problem);
    // Looking up a name knows no signal: what took too long is not sent any more.
    signal.throwIfAborted();
    return bounded(url, { ...init, signal });
  };
}
