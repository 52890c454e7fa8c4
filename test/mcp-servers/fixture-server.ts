/**
 * The fixture as a stdio MCP server: `node test/mcp-servers/fixture-server.ts`. Environment:
 * - FIXTURE_STDERR: a line written to stderr at start
 * - FIXTURE_EXIT_AT_START=1: writes to stderr and exits with code 3 before it answers anything
 * - FIXTURE_HANG_AT_START=1: never answers
 * - FIXTURE_STUBBORN=1: ignores the end of stdin and SIGTERM
 * - FIXTURE_GRANDCHILD=1: starts a child of its own that ignores both as well; its pid goes to stderr
 * - FIXTURE_PAGE_SIZE: tools per page of tools/list
 * - FIXTURE_CALL_LOG: a file that gets the name of each tool as it starts to execute
 */
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createFixtureServer } from './create-fixture-server.ts';

const environment = process.env;

/** Nobody lives for ever, so that a test that fails leaves no process for long. Milliseconds. */
const STUBBORN_LIFE_MS = 120_000;

if (environment.FIXTURE_STDERR) {
  process.stderr.write(`${environment.FIXTURE_STDERR}\n`);
}
if (environment.FIXTURE_EXIT_AT_START) {
  process.stderr.write('cannot start: password=hunter2-stderr is wrong\n');
  process.exit(3);
}
if (environment.FIXTURE_GRANDCHILD) {
  const source = `process.on('SIGTERM', () => {}); setTimeout(() => {}, ${STUBBORN_LIFE_MS});`;
  const grandchild = spawn(process.execPath, ['-e', source], { stdio: 'ignore' });
  process.stderr.write(`grandchild ${grandchild.pid}\n`);
}
if (environment.FIXTURE_STUBBORN) {
  process.on('SIGTERM', () => {});
  setTimeout(() => process.exit(0), STUBBORN_LIFE_MS);
} else {
  process.stdin.on('end', () => process.exit(0));
}

if (environment.FIXTURE_HANG_AT_START) {
  process.stdin.resume();
  setTimeout(() => process.exit(0), STUBBORN_LIFE_MS);
} else {
  const callLog = environment.FIXTURE_CALL_LOG;
  const server = createFixtureServer({
    onCrash: () => process.exit(1),
    writeGarbage: () => process.stdout.write('this is { not JSON\n'),
    onCall: (tool) => {
      if (callLog) appendFileSync(callLog, `${tool}\n`);
    },
    pageSize: Number(environment.FIXTURE_PAGE_SIZE ?? 0),
  });
  await server.connect(new StdioServerTransport());
}
