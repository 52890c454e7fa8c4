import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '#src/server/mcp/child-environment.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const preloads = ['./cache-compiled-code.ts', './end-with-supervisor.ts'].flatMap((file) => [
  '--import',
  new URL(file, import.meta.url).href,
]);

/** A program of ours that runs as a process of its own. */
export type Program = {
  /** For log lines. */
  name: string;
  /** Path below the project, and what follows it on the command line. */
  file: string;
  args?: readonly string[];
  env: Record<string, string | undefined>;
  /** Where its output goes; absent: ours. */
  logFile?: string | undefined;
  /** Standard output comes to us instead, on `child.stdout`. */
  pipeOutput?: boolean;
};

/**
 * Starts a program in a process group of its own: what a terminal sends to ours does not reach it, and what it started
 * can be ended with it. It ends when we do.
 */
export function startProgram(program: Program): ChildProcess {
  const log = program.logFile === undefined ? undefined : openSync(program.logFile, 'a');
  const output = log ?? 'inherit';
  try {
    return spawn(process.execPath, [...preloads, program.file, ...(program.args ?? [])], {
      cwd: root,
      env: childEnvironment(definedOnly(program.env)),
      stdio: ['ignore', program.pipeOutput ? 'pipe' : output, output, 'ipc'],
      detached: process.platform !== 'win32',
    });
  } finally {
    if (log !== undefined) closeSync(log);
  }
}

function definedOnly(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Waits for the end of a process, at most `limitMs`. True when it ended. */
export function waitForExit(child: ChildProcess, limitMs: number): Promise<boolean> {
  if (hasEnded(child)) return Promise.resolve(true);
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      resolve(true);
    };
    const timer = setTimeout(() => {
      child.off('exit', done);
      resolve(false);
    }, limitMs);
    child.once('exit', done);
  });
}

/** Whether a process is gone, or never came to be. */
export const hasEnded = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
