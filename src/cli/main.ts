import { runCommandLine } from './run-command-line.ts';

// A reader that has seen enough (`tars session show … | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const exitCode = await runCommandLine(process.argv.slice(2));
// Commands that keep running (web, worker) end the process themselves.
if (exitCode !== null) process.exitCode = exitCode;
