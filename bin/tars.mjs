#!/usr/bin/env node
// `tars`: finds Node 24 (this one, or the npm package `node`) and runs the command line of src/cli.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { childEnv, node24, root } from './bootstrap/paths.mjs';

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

if (Number(process.versions.node.split('.')[0]) >= 24) {
  process.env.PATH = childEnv().PATH;
  await import(main);
} else if (!existsSync(node24)) {
  process.stderr.write(`tars: not installed yet. Run npm ci in ${root} first.\n`);
  process.exit(1);
} else {
  const child = spawn(node24, [main, ...process.argv.slice(2)], {
    env: childEnv(),
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => void child.kill(signal));
  }
  child.once('exit', (code) => process.exit(code ?? 1));
}
