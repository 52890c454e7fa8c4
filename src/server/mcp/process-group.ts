import { type ChildProcess, spawn } from 'node:child_process';
import { childEnvironment } from './child-environment.ts';
import { ORPHAN_GRACE_SECONDS } from './tunables.ts';

const POSIX = process.platform !== 'win32';

/** Whether a new child should lead its own process group, so that what it starts can be ended with it. */
export const LEADS_GROUP = POSIX;

/** Signals a child and everything in its process group. True when something was there to receive it. */
export function signalGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): boolean {
  if (child.pid === undefined) return false;
  if (!POSIX) return child.kill(signal);
  try {
    return process.kill(-child.pid, signal);
  } catch {
    return false;
  }
}

/**
 * Starts a tiny shell that outlives this process: it waits on a pipe that only we hold, and when that closes because
 * we were killed, it gives the group a moment and ends it. Without it a server that ignores the end of its stdin, or
 * something that it started, would survive a SIGKILL of its owner. Nothing on Windows.
 */
export function guardGroup(groupId: number): { release(): void } {
  if (!POSIX) return { release: () => undefined };
  const script = 'read -r line; sleep "$2"; kill -s KILL -- "-$1" 2>/dev/null';
  const guard = spawn('/bin/sh', ['-c', script, 'guard', String(groupId), String(ORPHAN_GRACE_SECONDS)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: childEnvironment({ PATH: '/usr/bin:/bin' }),
  });
  guard.on('error', () => undefined);
  guard.stdin?.on('error', () => undefined);
  guard.unref();
  return {
    release: () => {
      guard.kill('SIGKILL');
      guard.stdin?.destroy();
    },
  };
}
