import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { createGuardedFetch } from '#src/server/mcp/index.ts';
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
 * themselves, so each is looked at first. (The SDK follows redirects within the same host only.)
 */
export async function createAuthorizationFetch(options: {
  serverUrl: string;
  issuer: string | undefined;
  limitMs: number;
}): Promise<FetchLike> {
  const signal = AbortSignal.timeout(options.limitMs);
  const server = new URL(options.serverUrl);
  const trust: AddressTrust = {
    hosts: [server.host, ...(options.issuer ? [new URL(options.issuer).host] : [])],
    server: widestReach(await resolveReaches(server.hostname)),
  };
  const bounded = createGuardedFetch(AUTHORIZATION_MAX_BYTES);
  return async (address, init) => {
    const url = new URL(address);
    const problem = findAddressProblem(url, await resolveReaches(url.hostname), trust);
    if (problem) throw new AddressError(problem);
    // Looking up a name knows no signal: what took too long is not sent any more.
    signal.throwIfAborted();
    return bounded(url, { ...init, signal });
  };
}
