import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { signalGroup } from '#src/server/mcp/process-group.ts';
import { hasEnded, type Program, startProgram, waitForExit } from './program.ts';
import { noFailures, planRestart, type RestartState } from './restart-delay.ts';
import type { SupervisorLog } from './supervisor-log.ts';
import { ORPHANS_GRACE_MS, STOP_GRACE_MS } from './tunables.ts';

export type KeptProcess = {
  readonly name: string;
  /** Of the process that runs now; undefined between two runs. */
  pid(): number | undefined;
  /** Ends it politely and starts it anew at once: files changed. */
  reload(): void;
  /** SIGTERM, and SIGKILL after `STOP_GRACE_MS`. It is not started again. */
  stop(): Promise<void>;
  /** Cuts a running `stop` short. */
  kill(): void;
};

/** Keeps a program running until it is stopped: however it ends, it is started again after a growing pause. */
export function keepRunning(program: Program, log: SupervisorLog): KeptProcess {
  const { name } = program;
  let restarts: RestartState = noFailures;
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  let reloading = false;

  function start(): void {
    timer = undefined;
    const startedMs = Date.now();
    const process = startProgram(program);
    child = process;
    log.info({ program: name, pid: process.pid }, 'started');
    let settled = false;
    const ended = (reason: Record<string, unknown>) => {
      if (settled) return;
      settled = true;
      // What it left behind in its group must not meet its successor.
      signalGroup(process, 'SIGKILL');
      if (!stopping) again(reason, Date.now() - startedMs);
    };
    process.once('error', (error) => ended({ error: error.message }));
    process.once('exit', (code, signal) => ended({ code, signal }));
  }

  function again(reason: Record<string, unknown>, ranMs: number): void {
    if (reloading) {
      reloading = false;
      start();
      return;
    }
    const plan = planRestart(restarts, { ranMs });
    restarts = plan.state;
    log.warn(
      { program: name, ...reason, ranMs, restartInMs: plan.delayMs },
      'ended unexpectedly; starting it again',
    );
    timer = setTimeout(start, plan.delayMs);
  }

  start();
  return {
    name,
    pid: () => (child && !hasEnded(child) ? child.pid : undefined),
    reload() {
      if (stopping || !child || hasEnded(child)) return;
      reloading = true;
      child.kill('SIGTERM');
    },
    async stop() {
      stopping = true;
      clearTimeout(timer);
      if (!child || hasEnded(child)) return;
      child.kill('SIGTERM');
      if (await waitForExit(child, STOP_GRACE_MS)) return;
      log.warn({ program: name, pid: child.pid }, 'did not stop in time; killing it');
      signalGroup(child, 'SIGKILL');
      await waitForExit(child, STOP_GRACE_MS);
      await sleep(ORPHANS_GRACE_MS);
    },
    kill() {
      if (child && !hasEnded(child)) signalGroup(child, 'SIGKILL');
    },
  };
}
