#!/usr/bin/env node
// Makes a fresh clone run: `node bin/bootstrap.mjs <demo|dev|build|test>` on any Node from 20 on, with nothing installed.
// Everything below bin/ that this file imports uses Node's own modules only; what needs packages runs in a child.
import { build } from './bootstrap/build.mjs';
import { handOver } from './bootstrap/hand-over.mjs';
import { root } from './bootstrap/paths.mjs';
import { prepare } from './bootstrap/prepare.mjs';
import { StepError } from './bootstrap/run-step.mjs';
import { runTests } from './bootstrap/run-tests.mjs';

const COMMANDS = {
  demo: async () => {
    await prepare();
    await build();
    return handOver(['demo/cli/main.ts', ...rest], { cwd: root });
  },
  dev: async () => {
    await prepare();
    process.env.NODE_ENV = 'development';
    return handOver(['src/cli/main.ts', 'up', ...rest], { cwd: root });
  },
  build: async () => {
    await prepare();
    await build({ force: true });
    return 0;
  },
  test: async () => {
    await prepare();
    return runTests();
  },
};

const [command = '', ...rest] = process.argv.slice(2);
if (!Object.hasOwn(COMMANDS, command)) {
  process.stderr.write(`usage: node bin/bootstrap.mjs <${Object.keys(COMMANDS).join('|')}>\n`);
  process.exit(2);
}
if (Number(process.versions.node.split('.')[0]) < 20) {
  process.stderr.write(`tars: Node 20 or newer is needed; this is ${process.version}.\n`);
  process.exit(1);
}
try {
  process.exitCode = await COMMANDS[command]();
} catch (error) {
  // A step says itself what went wrong; anything else is a defect and keeps its stack.
  process.stderr.write(
    error instanceof StepError ? `tars: ${error.message}\n` : `tars: ${error?.stack ?? error}\n`,
  );
  process.exitCode = 1;
}
