/** Opens a toolbox on the server configuration in its first argument, says so, and waits to be killed. */
import { pino } from 'pino';
import { z } from 'zod';
import { mcpTransportSchema } from '#src/server/config/schema-connections.ts';
import { openToolbox } from '#src/server/mcp/open-toolbox.ts';

const config = z.object({ transport: mcpTransportSchema }).parse(JSON.parse(process.argv[2] ?? ''));
const toolbox = await openToolbox({
  servers: { box: config },
  env: process.env,
  executionId: 'held',
  signal: new AbortController().signal,
  logger: pino({ level: 'silent' }),
});
process.stdout.write(`open with ${toolbox.tools.length} tools\n`);
setInterval(() => {}, 1_000);
