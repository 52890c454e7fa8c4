import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { StartError } from '#src/server/start-error.ts';
import { startProgram } from './program.ts';

/**
 * Checks configuration and database and brings the schema to this version, in a process of its own: what it needs for
 * that is not kept in memory for as long as the supervisor runs. Throws `StartError`; the reason was printed already,
 * or is part of the message when the output goes to a file.
 */
export async function migrateFirst(options: {
  variables: Record<string, string | undefined>;
  logFile?: string | undefined;
}): Promise<void> {
  const child = startProgram({
    name: 'migrate',
    file: 'src/cli/main.ts',
    args: ['migrate', '--quiet'],
    env: options.variables,
    logFile: options.logFile,
  });
  const [code] = await once(child, 'exit');
  if (code === 0) return;
  const output = options.logFile === undefined ? '' : await readFile(options.logFile, 'utf8');
  const reason = output
    .trimEnd()
    .split('\n')
    .at(-1)
    ?.replace(/^tars: /, '');
  throw new StartError(reason || 'Not started; the reason is above.');
}
