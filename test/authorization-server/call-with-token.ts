// A process of its own that opens the tools of `box` as an execution does, says so, and calls one when told to on stdin.
// Environment: DATABASE_URL, TARS_CONFIG, AUTH_SECRET. Prints `open`, then the call's text.
import { once } from 'node:events';
import { tokenSourceFor } from '#src/features/mcp-servers/server/index.ts';
import { loadEnv } from '#src/server/env.ts';
import { openToolbox } from '#src/server/mcp/index.ts';
import { openKernel } from '#src/server/open-kernel.ts';

const kernel = await openKernel({ env: loadEnv(), process: 'tars', migrate: false });
const config = kernel.config.current();
const { signal } = new AbortController();
const toolbox = await openToolbox({
  servers: config.mcpServers,
  env: process.env,
  executionId: `process-${process.pid}`,
  signal,
  tokensFor: (server) => tokenSourceFor(kernel, { config, server, actsFor: null }),
  logger: kernel.log,
});
process.stdout.write('open\n');
await once(process.stdin, 'data');
process.stdin.pause();
const { text } = await toolbox.call({ wireName: 'box__add', arguments: { a: 1, b: 2 }, signal });
process.stdout.write(`${text}\n`);
await toolbox.close();
await kernel.close();
