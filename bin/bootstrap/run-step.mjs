import { spawn } from 'node:child_process';
import { root } from './paths.mjs';

/** A step of the preparation failed; the message is for the person at the terminal. */
export class StepError extends Error {}

/** How often a long step says that it is still at work. */
const STILL_WORKING_MS = 15_000;
/** What a failed step shows of its output. */
const TAIL_LINES = 25;
const TAIL_BYTES = 64_000;

const seconds = (sinceMs) => `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`;

export const say = (text) => void process.stderr.write(`tars: ${text}\n`);

/**
 * Runs a command quietly: one line when it starts, a sign of life, one when it is done. Throws `StepError` with the last
 * lines of its output when it fails.
 */
export function runStep(title, command, args, { env = process.env } = {}) {
  const startedMs = Date.now();
  say(`${title} …`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    const stopWithUs = (signal) => void child.kill(signal);
    process.on('SIGINT', stopWithUs).on('SIGTERM', stopWithUs);
    const timer = setInterval(() => say(`${title}: still at it (${seconds(startedMs)})`), STILL_WORKING_MS);
    let tail = '';
    const keep = (chunk) => {
      tail = (tail + chunk).slice(-TAIL_BYTES);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const finish = (failure) => {
      clearInterval(timer);
      process.off('SIGINT', stopWithUs).off('SIGTERM', stopWithUs);
      if (!failure) {
        say(`${title}: done in ${seconds(startedMs)}`);
        resolve();
        return;
      }
      const lines = tail.trimEnd().split('\n').slice(-TAIL_LINES);
      reject(
        new StepError(
          `${title} failed (${failure}). Its last lines:\n${lines.map((line) => `  ${line}`).join('\n')}`,
        ),
      );
    };
    child.once('error', (error) => finish(error.message));
    child.once('close', (code, signal) => finish(code === 0 ? '' : (signal ?? `exit code ${code}`)));
  });
}
