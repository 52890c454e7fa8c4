import { CommanderError } from 'commander';
import { showControls } from '#src/lib/show-controls.ts';
import { ConfigError } from '#src/server/config/index.ts';
import { MigrationError } from '#src/server/db/migrate.ts';
import { EnvError } from '#src/server/env.ts';
import { AppError } from '#src/server/errors.ts';
import { StartError } from '#src/server/start-error.ts';
import { CommandError, UsageError } from './cli-error.ts';
import { createOutput } from './output.ts';
import { type AddCommands, createProgram } from './program.ts';

/** Exit codes of the contract. */
export const exitCodes = { ok: 0, failed: 1, usage: 2 } as const;

/** Errors whose message is written for the operator. Everything else is a defect and keeps its stack. */
const forOperator = [CommandError, StartError, ConfigError, EnvError, MigrationError, AppError];

/**
 * Runs one command and gives its exit code; null when the command goes on running in this process. Errors go to stderr
 * as one clear line; with `--json` the last line of stdout says the same to a program.
 */
export async function runCommandLine(
  args: readonly string[],
  more: readonly AddCommands[] = [],
): Promise<number | null> {
  const program = createProgram(more);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return program.outcome();
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
    const isUsage = error instanceof CommanderError || error instanceof UsageError;
    const message = isUsage ? error.message : describeError(error);
    // Commander has printed its own message.
    if (!(error instanceof CommanderError)) process.stderr.write(`tars: ${showControls(message)}\n`);
    if (args.includes('--json')) {
      const code = isUsage ? 'usage' : 'failed';
      createOutput({ json: true }).result({ error: { code, message } }, []);
    }
    return isUsage ? exitCodes.usage : exitCodes.failed;
  }
}

function describeError(error: unknown): string {
  if (forOperator.some((kind) => error instanceof kind) && error instanceof Error) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
