import { hexDigest, noise } from '../random.ts';
import { MAX_LOG_LINES } from '../tunables.ts';
import { type ContainerRun, memoryBytesAt, unmetRequirement } from './program.ts';

export interface LogLine {
  atMs: number;
  text: string;
}

/**
 * The log of one run of a container up to `untilMs`, oldest first. Nothing is stored: every line is a function
 * of the program and of time, so the same question gives the same lines, after a restart too. Bounded to the
 * newest MAX_LOG_LINES, as rotated files would be.
 */
export function writeLog(run: ContainerRun, untilMs: number, ended: boolean): LogLine[] {
  const { program, startedAtMs } = run;
  const lines: LogLine[] = program.logs.startup.map((template, index) =>
    render(run, template, startedAtMs + 40 + index * 120, index),
  );
  const unmet = unmetRequirement(run);
  if (unmet) {
    const failed = unmet.lines.map((template, index) =>
      render(run, template, startedAtMs + 600 + index * 30, index),
    );
    return [...lines, ...failed].filter((line) => line.atMs <= untilMs);
  }
  for (const stream of program.logs.steady) lines.push(...steadyLines(run, stream, untilMs));
  const { exits } = program;
  // The end is known to the second only, so it may look up to a second early.
  if (ended && exits && untilMs > startedAtMs + exits.afterMs - 1_000) {
    lines.push(...exits.lines.map((template, index) => render(run, template, untilMs - 20 + index, index)));
  }
  return lines
    .filter((line) => line.atMs <= untilMs)
    .sort((a, b) => a.atMs - b.atMs)
    .slice(-MAX_LOG_LINES);
}

function steadyLines(
  run: ContainerRun,
  stream: { everyMs: number; lines: string[] },
  untilMs: number,
): LogLine[] {
  const begin = run.startedAtMs + run.program.startupMs;
  const last = Math.floor((untilMs - begin) / stream.everyMs);
  const first = Math.max(0, last - MAX_LOG_LINES);
  const lines: LogLine[] = [];
  for (let index = first; index <= last; index++) {
    const key = `${run.key}/${stream.everyMs}/${index}`;
    const template = stream.lines[Math.floor(noise(`${key}/pick`) * stream.lines.length)];
    if (template === undefined) continue;
    const atMs = begin + index * stream.everyMs + Math.floor(noise(`${key}/at`) * stream.everyMs * 0.6);
    lines.push(render(run, template, atMs, index));
  }
  return lines;
}

function render(run: ContainerRun, template: string, atMs: number, index: number): LogLine {
  const key = `${run.key}/${template}/${index}`;
  const text = template.replace(/\{(ts|pod|n|ms|id|mem)\}/g, (_match, name: string) => {
    switch (name) {
      case 'ts':
        return new Date(atMs).toISOString();
      case 'pod':
        return run.pod;
      case 'n':
        return String(1 + index);
      case 'ms':
        return (2 + noise(`${key}/ms`) ** 3 * 240).toFixed(1);
      case 'id':
        return hexDigest(key, 12);
      default:
        return String(Math.round(memoryBytesAt(run, atMs) / 1024 / 1024));
    }
  });
  return { atMs, text };
}
