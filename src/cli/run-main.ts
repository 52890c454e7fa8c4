import type { AddCommands } from './program.ts';
import { runCommandLine } from './run-command-line.ts';

/** The process of one `tars` command; `more` are commands from outside the product. */
export async function runMain(more: readonly AddCommands[] = []): Promise<void> {
  // A reader that has seen enough (`tars session show … | head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const exitCode = await runCommandLine(process.argv.slice(2), more);
  // Commands that keep running (web, worker) end the process themselves.
  if (exitCode !== null) process.exitCode = exitCode;
}
