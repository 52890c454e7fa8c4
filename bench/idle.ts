// What an installation costs when nothing happens: node bench/idle.ts [--seconds 30]
// Starts the product as `tars up` does, with the configuration in config/ (needs a build: npm run build), lets it settle, and reads
// memory and processor time of each process from /proc. Linux only.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Installation, startInstallation } from './lib/installation.ts';
import { describeMachine, report } from './lib/machine.ts';
import { type ProcessUsage, readProcessTree } from './lib/process-usage.ts';

const { values: args } = parseArgs({
  options: { seconds: { type: 'string', default: '30' }, settle: { type: 'string', default: '30' } },
});
const SECONDS = Number(args.seconds);
/** After the start: compiled code, first queries and health checks of MCP servers are behind. */
const SETTLE_MS = Number(args.settle) * 1_000;
/** Pages that were looked at before: an installation that nobody ever opened would look too good. */
const PAGES_BEFORE = 20;
const MEMORY_TARGET_MB = 450;
const CPU_TARGET = 0.03;
const SAMPLES = 6;

console.log(describeMachine());
const installation = await startInstallation();
try {
  for (let page = 0; page < PAGES_BEFORE; page += 1)
    await (await fetch(`${installation.url}/sign-in`)).text();
  await sleep(SETTLE_MS);
  await measure(installation);
} finally {
  await installation.close();
}
console.log(describeMachine());

async function measure({ pid, pidOf }: Installation): Promise<void> {
  const startedAt = performance.now();
  const samples = [await readProcessTree(pid)];
  for (let n = 0; n < SAMPLES; n += 1) {
    await sleep((SECONDS * 1_000) / SAMPLES);
    samples.push(await readProcessTree(pid));
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const [before = [], after = []] = [samples[0], samples.at(-1)];
  const usedCores = (usages: readonly ProcessUsage[]) =>
    usages.reduce((sum, usage) => {
      const earlier = before.find((each) => each.pid === usage.pid)?.cpuSeconds ?? 0;
      return sum + (usage.cpuSeconds - earlier) / seconds;
    }, 0);
  const memory = (usages: readonly ProcessUsage[]) => usages.reduce((sum, usage) => sum + usage.rssMb, 0);

  const [web, worker] = [pidOf('web'), pidOf('worker')];
  const isOurs = (usage: ProcessUsage) => usage.pid === web || usage.pid === worker;
  const isBelow = (parents: ReadonlySet<number>) => (usage: ProcessUsage) => parents.has(usage.parent);
  const group: [string, ProcessUsage[]][] = [
    ['web', after.filter((usage) => usage.pid === web)],
    ['worker', after.filter((usage) => usage.pid === worker)],
    ['their children (MCP servers)', after.filter(isBelow(new Set([web, worker])))],
  ];
  const named = new Set(group.flatMap(([, usages]) => usages.map((usage) => usage.pid)));
  group.push(['supervisor, database', after.filter((usage) => !named.has(usage.pid))]);
  console.log(`${''.padEnd(32)}${'processes'.padStart(10)}${'RSS MB'.padStart(10)}${'% core'.padStart(10)}`);
  for (const [name, usages] of group) {
    const figures = [usages.length, memory(usages).toFixed(1), (usedCores(usages) * 100).toFixed(2)];
    console.log(`${name.padEnd(32)}${figures.map((figure) => String(figure).padStart(10)).join('')}`);
  }
  const highest = Math.max(...samples.map((usages) => memory(usages.filter(isOurs))));
  const cores = usedCores(after.filter(isOurs));
  report(
    `web and worker, highest of ${samples.length} samples: ${highest.toFixed(0)} MB < ${MEMORY_TARGET_MB} MB`,
    highest < MEMORY_TARGET_MB,
  );
  report(
    `web and worker over ${seconds.toFixed(0)} s: ${(cores * 100).toFixed(2)} % < ${CPU_TARGET * 100} % of one core`,
    cores < CPU_TARGET,
  );
}
