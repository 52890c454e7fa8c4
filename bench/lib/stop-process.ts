import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** The supervisor gives its programs 22 s, and the database as long. */
const STOP_LIMIT_MS = 60_000;

/** Asks a process to end, and kills it when it does not. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await exited;
  clearTimeout(timer);
}
