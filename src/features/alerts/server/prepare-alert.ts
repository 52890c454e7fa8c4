import { checkRunbook } from '#src/features/runbooks/server/index.ts';
import { AppError } from '#src/server/errors.ts';
import { createSessionIdentifiers, type SessionIdentifiers } from '#src/server/identifiers/index.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { IncomingAlert } from '../schema.ts';
import { maskAlert, type NewAlert } from './mask-alert.ts';

export type PreparedAlert = {
  alert: NewAlert;
  /** Of the session that it starts, if it starts one, with the names that were found in it. */
  sessionId: string;
  identifiers: SessionIdentifiers;
};

/**
 * The alert as it may be stored, or `bad_request`: it names MCP servers that are not configured, or a runbook that may not be
 * fetched. The ids of alert and session are chosen before anything is known: its names are masked for the session that it
 * may start.
 */
export async function prepareAlert(
  kernel: Kernel,
  { projectId, alert }: { projectId: string; alert: IncomingAlert },
): Promise<PreparedAlert> {
  checkServers(kernel, alert);
  await refuseForeignRunbook(kernel, alert);
  const id = newId();
  const sessionId = newId();
  const config = kernel.config.current();
  const { secrets } = kernel;
  const identifiers = createSessionIdentifiers({ config, secrets, sessionId, scope: id, known: [] });
  const masked = maskAlert({ config, identifiers, projectId }, alert);
  return { alert: { ...masked, id }, sessionId, identifiers };
}

function checkServers(kernel: Kernel, alert: IncomingAlert): void {
  const known = Object.keys(kernel.config.current().mcpServers);
  const fields = (alert.mcp?.servers ?? []).flatMap((server, index) =>
    known.includes(server.name)
      ? []
      : [
          {
            path: `mcp.servers[${index}].name`,
            message: `no such MCP server; configured: ${known.join(', ') || 'none'}`,
          },
        ],
  );
  if (fields.length > 0)
    throw new AppError('bad_request', 'The alert names an unknown MCP server.', { fields });
}

/** Before anything is stored: a runbook from just anywhere could tell agents anything. */
async function refuseForeignRunbook(kernel: Kernel, alert: IncomingAlert): Promise<void> {
  const fields = await checkRunbook(kernel, alert.runbook);
  if (fields.length > 0)
    throw new AppError('bad_request', 'The runbook of the alert cannot be used.', { fields });
}
