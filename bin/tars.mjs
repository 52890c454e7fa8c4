#!/usr/bin/env node
// `tars`: finds Node 24 (this one, or the npm package `node`) and runs the command line.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { handOver } from './bootstrap/hand-over.mjs';
import { childEnv, node24, root } from './bootstrap/paths.mjs';

const main = fileURLToPath(new URL('./tars.ts', import.meta.url));

if (Number(process.versions.node.split('.')[0]) >= 24) {
  process.env.PATH = childEnv().PATH;
  await import(main);
} else if (existsSync(node24)) {
  process.exitCode = await handOver([main, ...process.argv.slice(2)]);
} else {
  process.stderr.write(`tars: not installed yet. Run npm ci in ${root} first.\n`);
  process.exitCode = 1;
}
