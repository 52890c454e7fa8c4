// How the page of a long session feels in a real browser: node bench/session-page.ts [--items 5000] [--loads 5] [--parallel]
// With --parallel the entries are of thirteen agents in six stages (parallel ones, replicas, sub-agents) instead of one.
// Production build (npm run build first), the whole product with an embedded database, Chromium without a GPU. Interactive
// means: entries are drawn, and a pressed key (j) has moved the focus to one.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import { createRecorder, finishSession } from '#src/features/sessions/server/index.ts';
import { defaultProjectId } from '#src/server/auth/first-start.ts';
import type { Database } from '#src/server/db/database.ts';
import { finishParallelRun, playParallelRun } from '#test/parallel-run.ts';
import {
  type Investigation,
  insertSession,
  prose,
  seededRandom,
  startInvestigation,
} from '#test/session-fixtures.ts';
import { startInstallation } from './lib/installation.ts';
import { describeMachine, report } from './lib/machine.ts';
import { percentile, percentileHeader, percentileLine } from './lib/percentiles.ts';
import { openTemporaryDatabase } from './lib/temporary-database.ts';

const { values: args } = parseArgs({
  options: {
    items: { type: 'string', default: '5000' },
    loads: { type: 'string', default: '5' },
    parallel: { type: 'boolean', default: false },
  },
});
const ITEMS = Number(args.items);
const LOADS = Number(args.loads);
/** Items written in one commit. */
const BATCH_ITEMS = 250;
const SCROLL_STEPS = 120;
const SCROLL_STEP_PX = 900;
const PAGE_LIMIT_MS = 60_000;
const TARGET_MS = 1_500;
const BYTES_PER_MB = 1024 ** 2;
/** Debian's Chromium where it is installed, as in playwright.config.ts. */
const SYSTEM_CHROMIUM = '/usr/bin/chromium';

/** Milliseconds from the start of the navigation. */
type Times = { askedMs: number; answeredMs: number; shownMs: number; interactiveMs: number };
type Load = Times & { frameMs: number[]; heapMb: number; rows: number };

console.log(describeMachine());
const { database, url: databaseUrl, close } = await openTemporaryDatabase();
try {
  const sessionId = await fill(database);
  const installation = await startInstallation({ databaseUrl });
  try {
    await measure(`${installation.url}/p/default/sessions/${sessionId}`, installation.url);
  } finally {
    await installation.close();
  }
} finally {
  await close();
}
console.log(describeMachine());

/** One finished session: thoughts, tool calls with results, and text, in turns. */
async function fill(target: Database): Promise<string> {
  const projectId = await defaultProjectId(target.pool);
  const sessionId = await insertSession(target, { projectId });
  if (args.parallel) {
    await finishParallelRun(
      await playParallelRun(target, { items: ITEMS }),
      '## Summary\nThe key is missing.',
    );
    return sessionId;
  }
  const run = await startInvestigation(target);
  const random = seededRandom(1);
  for (let from = 0; from < ITEMS; from += BATCH_ITEMS) {
    await run.recorder.commit((batch) => {
      for (let index = from; index < Math.min(from + BATCH_ITEMS, ITEMS); index += 1) {
        batch.startItem(itemOf(run, index, random));
      }
    });
  }
  const { epoch } = run;
  const recorder = createRecorder({ database: target, sessionId, epoch });
  await recorder.commit((batch) =>
    finishSession(batch.sql, { sessionId, epoch, end: { status: 'completed' } }),
  );
  return sessionId;
}

function itemOf({ stage, execution }: Investigation, index: number, random: () => number) {
  const place = { stageId: stage.id, executionId: execution.id, status: 'completed' } as const;
  switch (index % 4) {
    case 0:
      return { ...place, type: 'thinking', content: prose(random, 400) } as const;
    case 1:
      return { ...place, type: 'response', content: `**Step ${index}.** ${prose(random, 300)}` } as const;
    default: {
      const data = {
        callId: `call-${index}`,
        server: 'cluster',
        tool: 'pods_log',
        arguments: { namespace: 'shop', name: `checkout-${index}` },
        readOnly: true,
        iteration: index,
        result: `${prose(random, 80)}\n`.repeat(6),
        outputBytes: 500,
        durationMs: 12,
      };
      return { ...place, type: 'tool_call', data } as const;
    }
  }
}

async function measure(address: string, installationUrl: string): Promise<void> {
  const browser = await chromium.launch({
    args: ['--no-sandbox', '--disable-gpu'],
    ...(existsSync(SYSTEM_CHROMIUM) ? { executablePath: SYSTEM_CHROMIUM } : {}),
  });
  try {
    const context = await signIn(browser, installationUrl);
    // The server compiles what it needs with the first page; that is not a page's doing.
    await loadOnce(context, address);
    const loads: Load[] = [];
    for (let load = 0; load < LOADS; load += 1) loads.push(await loadOnce(context, address));
    print(loads);
  } finally {
    await browser.close();
  }
}

/** Signs in with a one-time link that the real command prints. */
async function signIn(browser: Browser, installationUrl: string): Promise<BrowserContext> {
  const link = execFileSync(process.execPath, ['bin/tars.mjs', 'login', 'link'], {
    encoding: 'utf8',
    env: { ...process.env, DATABASE_URL: databaseUrl, TARS_URL: installationUrl, TARS_CONFIG: 'config' },
  }).split('\n')[0];
  if (!link) throw new Error('no link was printed');
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(link);
  await page.close();
  return context;
}

async function loadOnce(context: BrowserContext, address: string): Promise<Load> {
  const page = await context.newPage();
  try {
    await page.goto(address, { waitUntil: 'commit', timeout: PAGE_LIMIT_MS });
    const times = await page.evaluate(untilInteractive, PAGE_LIMIT_MS);
    const frameMs = await scrollThrough(page);
    const rows = await page.locator('[data-row]').count();
    const heapBytes = await readHeap(page);
    return { ...times, frameMs, heapMb: heapBytes / BYTES_PER_MB, rows };
  } finally {
    await page.close();
  }
}

/** Bytes that the page's JavaScript keeps, after a collection. */
async function readHeap(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN;
}

/** Runs in the page: when the snapshot was asked for and there, when the first entry was, and when a key did something. */
async function untilInteractive(limitMs: number): Promise<Times> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  while (!document.querySelector('[data-row]')) {
    if (performance.now() > limitMs) throw new Error('no entry appeared');
    await frame();
  }
  const shownMs = performance.now();
  while (!document.activeElement?.hasAttribute('data-row')) {
    if (performance.now() > limitMs) throw new Error('no key did anything');
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }));
    await frame();
    await frame();
  }
  const interactiveMs = performance.now();
  const snapshot = performance
    .getEntriesByType('resource')
    .find((entry) => entry instanceof PerformanceResourceTiming && entry.name.includes('sessions.snapshot'));
  const askedMs = snapshot?.startTime ?? Number.NaN;
  return { askedMs, answeredMs: askedMs + (snapshot?.duration ?? 0), shownMs, interactiveMs };
}

/** Turns the wheel through the timeline; milliseconds between the frames meanwhile. */
async function scrollThrough(page: Page): Promise<number[]> {
  await page.getByRole('list', { name: 'Timeline' }).hover();
  const frames = page.evaluate((steps) => {
    const times: number[] = [];
    return new Promise<number[]>((resolve) => {
      let last = performance.now();
      const tick = (now: number) => {
        times.push(now - last);
        last = now;
        if (times.length < steps) requestAnimationFrame(tick);
        else resolve(times.slice(1));
      };
      requestAnimationFrame(tick);
    });
  }, SCROLL_STEPS * 2);
  for (let step = 0; step < SCROLL_STEPS; step += 1) await page.mouse.wheel(0, SCROLL_STEP_PX);
  return frames;
}

function print(loads: readonly Load[]): void {
  console.log(
    `${ITEMS} entries; at most ${Math.max(...loads.map(({ rows }) => rows))} of them in the document`,
  );
  console.log(percentileHeader('ms'));
  console.log(
    percentileLine(
      'snapshot asked for',
      loads.map(({ askedMs }) => askedMs),
    ),
  );
  console.log(
    percentileLine(
      'snapshot there',
      loads.map(({ answeredMs }) => answeredMs),
    ),
  );
  const interactive = loads.map(({ interactiveMs }) => interactiveMs);
  console.log(
    percentileLine(
      'first entries drawn',
      loads.map(({ shownMs }) => shownMs),
    ),
  );
  console.log(percentileLine('a key moves the focus (interactive)', interactive));
  console.log(
    percentileLine(
      'frame while scrolling',
      loads.flatMap(({ frameMs }) => frameMs),
    ),
  );
  console.log(percentileHeader('MB'));
  console.log(
    percentileLine(
      'JavaScript heap after scrolling',
      loads.map(({ heapMb }) => heapMb),
    ),
  );
  const median = percentile(
    interactive.toSorted((a, b) => a - b),
    0.5,
  );
  report(`interactive, median: ${median.toFixed(0)} ms < ${TARGET_MS} ms`, median < TARGET_MS);
}
