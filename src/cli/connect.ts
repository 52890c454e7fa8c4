import type { Command } from 'commander';
import { type ApiClient, createApiClient, findApiKey } from './api-client.ts';

export type ConnectionOptions = { url?: string; key?: string; json?: boolean };

/** `--url` and `--key`, for commands that talk to a running TARS. */
export const addConnectionOptions = (command: Command): Command =>
  command
    .option('--url <url>', 'address of TARS; default: TARS_URL, or TARS_PORT on this machine')
    .option('--key <key>', 'API key; default: TARS_API_KEY, or the one the demo stored');

/** A client for the address and key that were given, or those of the environment. */
export async function connect(options: ConnectionOptions): Promise<ApiClient> {
  const { loadEnv } = await import('#src/server/env.ts');
  const env = loadEnv();
  return createApiClient({ url: options.url ?? env.publicUrl, key: await findApiKey(env, options.key) });
}
