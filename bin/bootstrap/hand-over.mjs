import { spawn } from 'node:child_process';
import { childEnv, node24 } from './paths.mjs';

/** How often we look whether the npm that started us is still there. */
const PARENT_CHECK_MS = 1_000;

/**
 * Runs a program of ours under Node 24 until it ends and gives its exit code. Signals are passed on; when npm is killed
 * outright, the program is asked to stop, and when we are, it notices by its channel.
 */
export function handOver(args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(node24, args, {
      ...options,
      env: childEnv(),
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    // On Ctrl-C the terminal tells the child too; it takes signals that come together for one.
    const passOn = (signal) => void child.kill(signal);
    for (const signal of signals) process.on(signal, passOn);
    const parent = process.ppid;
    const watch = setInterval(() => {
      if (process.env.npm_lifecycle_event && process.ppid !== parent) child.kill('SIGTERM');
    }, PARENT_CHECK_MS);
    child.once('error', (error) => {
      process.stderr.write(`tars: ${error.message}\n`);
      finish(1);
    });
    child.once('exit', (code, signal) => finish(code ?? (signal === 'SIGINT' ? 130 : 1)));
    function finish(code) {
      clearInterval(watch);
      for (const signal of signals) process.off(signal, passOn);
      resolve(code);
    }
  });
}
