import { runCommandLine } from './run-command-line.ts';

const exitCode = await runCommandLine(process.argv.slice(2));
// Commands that keep running (web, worker) end the process themselves.
if (exitCode !== null) process.exitCode = exitCode;
