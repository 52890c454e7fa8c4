import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { acceptedAlertSchema, webhookResultSchema } from '#src/features/alerts/schema.ts';
import { errorMessage } from '#src/server/errors.ts';
import { CommandError, UsageError } from '../cli-error.ts';
import { addConnectionOptions, type ConnectionOptions, connect } from '../connect.ts';
import { createOutput } from '../output.ts';

type SendOptions = ConnectionOptions & { runbook?: string };

/** `alert send FILE`. */
export function addAlertCommands(program: Command): void {
  const alert = program.command('alert').description('alerts');
  const send = alert
    .command('send')
    .description("deliver an alert: TARS's own format, or Alertmanager's webhook payload")
    .argument('<file>', 'a JSON file, or - for standard input')
    .option('--runbook <address>', 'the runbook for it: an address, or a file of `runbook list`');
  addConnectionOptions(send).action(async (file: string, options: SendOptions) => {
    const payload = withRunbook(await readJson(file), options.runbook);
    const api = await connect(options);
    const output = createOutput({ json: options.json ?? false });
    if (isAlertmanagerPayload(payload)) {
      const result = await api.post('/webhooks/alertmanager', payload, webhookResultSchema);
      output.result(
        result,
        result.alerts.map((entry) => describeOutcome(entry.sessionId, entry.deduplicated, entry.status)),
      );
    } else {
      const accepted = await api.post('/alerts', payload, acceptedAlertSchema);
      output.result(accepted, [describeOutcome(accepted.sessionId, accepted.deduplicated, accepted.status)]);
    }
  });
}

/** What only Alertmanager's payloads have: a version and a list of alerts. */
export const isAlertmanagerPayload = (payload: unknown): boolean =>
  typeof payload === 'object' && payload !== null && 'alerts' in payload && Array.isArray(payload.alerts);

/** The payload with the runbook of the command line, which is stronger than its own. */
export function withRunbook(payload: unknown, runbook: string | undefined): unknown {
  if (runbook === undefined || typeof payload !== 'object' || payload === null) return payload;
  if (!isAlertmanagerPayload(payload)) return { ...payload, runbook };
  throw new UsageError(
    "--runbook is for TARS's own format; Alertmanager's rules name theirs as runbook_url.",
  );
}

function describeOutcome(sessionId: string | null, deduplicated: boolean, status: string): string {
  if (sessionId === null) return `Taken (${status}); no investigation belongs to it.`;
  return deduplicated
    ? `A repeat: session ${sessionId} is on it (${status}).`
    : `Session ${sessionId} (${status}). Follow it with: tars session watch ${sessionId}`;
}

async function readJson(file: string): Promise<unknown> {
  const text = await (file === '-' ? readStandardInput() : readFile(file, 'utf8')).catch((error: unknown) => {
    throw new CommandError(`${file} cannot be read: ${errorMessage(error)}`);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandError(`${file} is not JSON: ${errorMessage(error)}`);
  }
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
