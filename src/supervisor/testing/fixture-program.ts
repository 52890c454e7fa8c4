import { fork, spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * A program to supervise in tests: `<behaviour> <file>`. Appends a line with its pid to the file when it runs, and
 * `stopped` when it ends on SIGTERM. `obedient` does that, `crashing` exits with 3 at once, `stubborn` ignores SIGTERM,
 * `parent` leaves a child that sleeps in its process group (whose pid is the second line), `forking` forks a `listening` one,
 * which appends what it is told, a while after it was started.
 */
const [behaviour, file] = process.argv.slice(2);
if (!file) throw new Error('usage: fixture-program <behaviour> <file>');
appendFileSync(file, `${process.pid}\n`);
if (behaviour === 'crashing') process.exit(3);
if (behaviour === 'parent') {
  const child = spawn('sleep', ['300'], { stdio: 'ignore' });
  appendFileSync(file, `${child.pid}\n`);
}
if (behaviour === 'forking') {
  const child = fork(fileURLToPath(import.meta.url), ['listening', file]);
  setTimeout(() => child.send('told'), 1_000);
}
if (behaviour === 'listening') process.on('message', (message) => appendFileSync(file, `${message}\n`));
process.on('SIGTERM', () => {
  if (behaviour === 'stubborn') return;
  appendFileSync(file, 'stopped\n');
  process.exit(0);
});
// What is forked lives by its channel alone.
if (behaviour !== 'listening') setInterval(() => undefined, 1_000);
