import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { installChromium } from './install-chromium.mjs';
import { childEnv, node24, root } from './paths.mjs';
import { say } from './run-step.mjs';
import { addTotals, countPlaywright, countVitest, formatTotals } from './test-totals.mjs';

const results = join(root, 'test-results', 'totals');
const vitestReport = join(results, 'vitest.json');
const playwrightReport = join(results, 'playwright.json');

const CHECKS = [
  ['format and lint', ['node_modules/.bin/biome', 'check', '.']],
  ['types', ['node_modules/typescript-native/bin/tsc', '--noEmit']],
  [
    'import rules',
    ['node_modules/.bin/depcruise', '--config', '.dependency-cruiser.cjs', 'src', 'worker', 'bin', 'demo'],
  ],
  ['dead code', ['node_modules/.bin/knip']],
];

/**
 * Everything that must hold: static checks (each counts as one test), unit and database tests, then the product in a
 * real browser. Goes on after a failure, so that one run tells all; prints the totals last. Resolves to the exit code.
 */
export async function runTests() {
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const totals = [];
  for (const [name, args] of CHECKS) {
    say(`checking ${name}`);
    const code = await run(args);
    totals.push(code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
  }
  say('unit and database tests');
  const vitest = await run([
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${vitestReport}`,
  ]);
  totals.push(countVitest(readReport(vitestReport), vitest));
  totals.push(await testInBrowser());
  const sum = addTotals(totals);
  process.stdout.write(`${formatTotals(sum)}\n`);
  return sum.failed === 0 ? 0 : 1;
}

async function testInBrowser() {
  try {
    await installChromium();
    await build();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return { passed: 0, failed: 1 };
  }
  say('browser tests');
  const code = await run(['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightReport,
  });
  return countPlaywright(readReport(playwrightReport), code);
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Runs a tool under Node 24 with our terminal; its whole process group ends with us. Resolves to the exit code. */
function run(args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(node24, args, {
      cwd: root,
      env: childEnv(env),
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const passOn = (signal) => void child.kill(signal);
    process.on('SIGINT', passOn).on('SIGTERM', passOn);
    child.once('error', () => finish(1));
    child.once('exit', (code) => finish(code ?? 1));
    function finish(code) {
      process.off('SIGINT', passOn).off('SIGTERM', passOn);
      resolve(code);
    }
  });
}
