import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ConnectError } from './classify-error.ts';
import type { TokenSource } from './token-source.ts';

const UNAUTHORIZED = 401;

/**
 * A `fetch` that shows the server's token to the origin of `serverUrl` and to nobody else. A refused token is replaced
 * once; a request that was answered 401 has not been executed, so its repetition is safe. `onFailure` hears why there is
 * no token: the SDK's SSE transport keeps nothing of an error but its text.
 */
export function createAuthorizedFetch(
  inner: FetchLike,
  options: { tokens: TokenSource; serverUrl: string; onFailure?: (error: ConnectError) => void },
): FetchLike {
  const { tokens, serverUrl, onFailure } = options;
  const { origin } = new URL(serverUrl);

  const send = (url: string | URL, init: RequestInit | undefined, token: string) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${token}`);
    return inner(url, { ...init, headers });
  };

  return async (url, init) => {
    if (new URL(url).origin !== origin) return inner(url, init);
    try {
      const token = await tokens.current(init?.signal);
      const first = await send(url, init, token);
      if (first.status !== UNAUTHORIZED) return first;
      await first.body?.cancel();
      const second = await send(url, init, await tokens.replace(token, init?.signal));
      if (second.status !== UNAUTHORIZED) return second;
      await second.body?.cancel();
      throw tokens.rejected();
    } catch (error) {
      if (error instanceof ConnectError) onFailure?.(error);
      throw error;
    }
  };
}
