import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

/**
 * A program to supervise in tests: `<behaviour> <file>`. Appends a line with its pid to the file when it runs, and
 * `stopped` when it ends on SIGTERM. `obedient` does that, `crashing` exits with 3 at once, `stubborn` ignores SIGTERM,
 * `parent` leaves a child that sleeps in its process group (whose pid is the second line).
 */
const [behaviour, file] = process.argv.slice(2);
if (!file) throw new Error('usage: fixture-program <behaviour> <file>');
appendFileSync(file, `${process.pid}\n`);
if (behaviour === 'crashing') process.exit(3);
if (behaviour === 'parent') {
  const child = spawn('sleep', ['300'], { stdio: 'ignore' });
  appendFileSync(file, `${child.pid}\n`);
}
process.on('SIGTERM', () => {
  if (behaviour === 'stubborn') return;
  appendFileSync(file, 'stopped\n');
  process.exit(0);
});
setInterval(() => undefined, 1_000);
