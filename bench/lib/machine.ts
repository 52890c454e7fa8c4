import { cpus, loadavg, platform, totalmem } from 'node:os';

/** What a figure was measured on, with the load of the last minute: a busy machine explains a bad one. */
export function describeMachine(): string {
  const [first] = cpus();
  const load = (loadavg()[0] ?? 0).toFixed(2);
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${new Date().toISOString()}  ${platform()}, ${cpus().length} x ${first?.model ?? 'unknown'}, ${memory} GB, Node ${process.versions.node}, load ${load}`;
}

/** Prints whether a target was met, and makes the process fail when it was not. */
export function report(target: string, met: boolean): void {
  console.log(`${met ? 'met   ' : 'MISSED'} ${target}`);
  if (!met) process.exitCode = 1;
}
