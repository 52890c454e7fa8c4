import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { errorMessage } from '../errors.ts';
import { CLEANUP_TIMEOUT_MS } from './tunables.ts';
import type { McpLogger } from './types.ts';

/**
 * Tells a server that an owner's work is over (`DELETE cleanupUrl`), so that it may drop what it kept for it. Once, briefly,
 * and without insisting: a failure is logged and nothing more.
 */
export async function cleanUpServer(options: {
  server: string;
  url: string;
  headers: Record<string, string>;
  fetch: FetchLike;
  logger: McpLogger;
}): Promise<void> {
  const { server, url, headers, logger } = options;
  try {
    const response = await options.fetch(url, {
      method: 'DELETE',
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(CLEANUP_TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (!response.ok && response.status !== 404)
      logger.warn({ mcpServer: server, status: response.status }, 'mcp server did not clean up');
  } catch (error) {
    logger.warn({ mcpServer: server, error: errorMessage(error) }, 'mcp server did not clean up');
  }
}
