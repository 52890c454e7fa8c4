// From `npm run demo` to the first event in the browser: node bench/demo-start.ts [--runs 3]
// On an installed tree with a current build (npm run build), each run with fresh data. Chromium is already open, as the browser
// of somebody who clicks the printed link. Model keys of the environment are left out: the built-in analyst answers.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from '@playwright/test';
import { findFreePort } from '#src/server/db/embedded-postgres.ts';
import { describeMachine, report } from './lib/machine.ts';
import { percentileHeader, percentileLine } from './lib/percentiles.ts';
import { stopProcess } from './lib/stop-process.ts';

const { values: args } = parseArgs({ options: { runs: { type: 'string', default: '3' } } });
const RUNS = Number(args.runs);
const root = fileURLToPath(new URL('..', import.meta.url));
const LINK_LIMIT_MS = 120_000;
const PAGE_LIMIT_MS = 30_000;
const BETWEEN_RUNS_MS = 2_000;
const TARGET_SECONDS = 15;
/** Debian's Chromium where it is installed, as in playwright.config.ts. */
const SYSTEM_CHROMIUM = '/usr/bin/chromium';

/** Seconds since the command was started. */
type Times = { link: number; pushed: number; shown: number };

console.log(describeMachine());
const browser = await chromium.launch({
  args: ['--no-sandbox', '--disable-gpu'],
  ...(existsSync(SYSTEM_CHROMIUM) ? { executablePath: SYSTEM_CHROMIUM } : {}),
});
const runs: Times[] = [];
try {
  for (let run = 0; run < RUNS; run += 1) {
    if (run > 0) await sleep(BETWEEN_RUNS_MS);
    const times = await measureStart(browser);
    const [link, pushed, shown] = [times.link, times.pushed, times.shown].map((time) => time.toFixed(1));
    console.log(`run ${run + 1}: link ${link} s, first live event ${pushed} s, shown ${shown} s`);
    runs.push(times);
  }
} finally {
  await browser.close();
}
console.log(percentileHeader('seconds since npm run demo'));
for (const [name, key] of [
  ['link printed', 'link'],
  ['first live event reached the page', 'pushed'],
  ['first entry of the timeline shown', 'shown'],
] as const) {
  const values = runs.map((times) => times[key]);
  console.log(percentileLine(name, values));
}
const slowest = Math.max(...runs.map((times) => Math.max(times.pushed, times.shown)));
report(
  `first event in the browser, slowest run: ${slowest.toFixed(1)} s < ${TARGET_SECONDS} s`,
  slowest < TARGET_SECONDS,
);
console.log(describeMachine());

async function measureStart(opened: Browser): Promise<Times> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tars-bench-'));
  const context = await opened.newContext();
  const page = await context.newPage();
  const startedAt = performance.now();
  const elapsed = () => (performance.now() - startedAt) / 1_000;
  const child = spawn('npm', ['run', 'demo'], {
    cwd: root,
    env: demoVariables(dataDir, await findFreePort()),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    const pushed = firstPushedEvent(page).then(elapsed);
    // Nobody may be waiting for it when an earlier step fails.
    pushed.catch(() => undefined);
    const link = await printedLink(child);
    const linkAt = elapsed();
    await page.goto(link, { waitUntil: 'commit', timeout: PAGE_LIMIT_MS });
    await page
      .getByRole('list', { name: 'Timeline' })
      .locator('li')
      .first()
      .waitFor({ timeout: PAGE_LIMIT_MS });
    const shown = elapsed();
    return { link: linkAt, pushed: await pushed, shown };
  } finally {
    await context.close();
    await stopProcess(child);
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Ours, without what would make it another demo: settings of TARS, keys of models, what npm sets for this script. */
function demoVariables(dataDir: string, port: number): NodeJS.ProcessEnv {
  const dropped = /^(npm_|TARS_|NODE_ENV$|DATABASE_URL$)|_API_KEY$/;
  const kept = Object.entries(process.env).filter(([name]) => !dropped.test(name));
  return {
    ...Object.fromEntries(kept),
    NODE_ENV: 'production',
    TARS_DATA_DIR: dataDir,
    TARS_PORT: String(port),
  };
}

/** The one-time link as soon as it is printed. Throws when the command ends before, or had to build first. */
function printedLink(child: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    const fail = (reason: string) => reject(new Error(`${reason}\n${lines.join('\n')}`));
    const timer = setTimeout(() => fail('no link was printed in time'), LINK_LIMIT_MS);
    const onLine = (line: string) => {
      lines.push(line);
      if (line.includes('building the pages')) fail('There is no current build; run npm run build first.');
      const link = /http:\S+\/login\/\S+/.exec(line)?.[0];
      if (!link) return;
      clearTimeout(timer);
      resolve(link);
    };
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', onLine);
    }
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`npm run demo ended with code ${code}`);
    });
  });
}

/** Resolves when a message with events comes through the page's socket. */
function firstPushedEvent(page: Page): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no event came')), LINK_LIMIT_MS + PAGE_LIMIT_MS);
    timer.unref();
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => {
        if (!payload.includes('"session:events"')) return;
        clearTimeout(timer);
        resolve();
      });
    });
  });
}
