import { pino } from 'pino';
import { type ActsFor, tokenSourceFor } from '#src/features/mcp-servers/server/index.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { openToolbox, type Toolbox } from '#src/server/mcp/index.ts';

/** The tools of an execution of a process, as agents have them; of what `actsFor` has started, or nobody. */
export function openBoxTools(kernel: Kernel, actsFor: ActsFor | null): Promise<Toolbox> {
  const config = kernel.config.current();
  return openToolbox({
    servers: config.mcpServers,
    env: process.env,
    executionId: newId(),
    signal: new AbortController().signal,
    tokensFor: (server) => tokenSourceFor(kernel, { config, server, actsFor }),
    logger: pino({ level: 'silent' }),
  });
}

/** Calls the tool that every one of these tests calls. */
export const addOneAndTwo = (toolbox: Toolbox) =>
  toolbox.call({ wireName: 'box__add', arguments: { a: 1, b: 2 }, signal: new AbortController().signal });
