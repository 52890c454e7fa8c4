import { noise } from '../random.ts';

/** A condition a program checks when it starts. */
export interface Requirement {
  /** Environment variable that must be set and not empty. */
  env?: string;
  /** File that must exist, e.g. a mounted Secret's key. */
  file?: string;
  exitCode: number;
  /** Written before the program exits. */
  lines: string[];
}

/** What a container image does when it runs, as data. */
export interface Program {
  /** Full image reference, e.g. `registry.acme.dev/shop/cart:v2.4.1`. */
  image: string;
  sizeMiB: number;
  /** From start until it listens and is ready. */
  startupMs: number;
  /** TCP ports it listens on. */
  listens: number[];
  requires?: Requirement[];
  /** Ends by itself, e.g. a job or a bug that panics after a while. */
  exits?: { afterMs: number; exitCode: number; lines: string[] };
  memory: { baseMiB: number; growthMiBPerSecond?: number; ceilingMiB?: number };
  cpuMillicores: number;
  /** After this long its probes fail although the process lives. */
  unhealthyAfterMs?: number;
  /** Placeholders: {ts} ISO time, {pod}, {n} running number, {ms} latency, {id} hex id, {mem} MiB in use. */
  logs: { startup: string[]; steady: { everyMs: number; lines: string[] }[] };
}

/** Every image a node can pull, by reference. */
export interface ProgramLibrary {
  find(image: string): Program | undefined;
  /** Whether a registry answers "not found" for an image that has no program. */
  isPullable(image: string): boolean;
}

/** A library of programs. Hosts in `strictHosts` know exactly the listed images; others serve any tag. */
export function createProgramLibrary(programs: Program[], strictHosts: string[]): ProgramLibrary {
  const byImage = new Map(programs.map((program) => [program.image, program]));
  return {
    find: (image) => byImage.get(image) ?? (isServed(image) ? genericProgram(image) : undefined),
    isPullable: (image) => byImage.has(image) || isServed(image),
  };
  function isServed(image: string): boolean {
    return !strictHosts.some((host) => image.startsWith(`${host}/`)) && !/[^\w./:@-]/.test(image);
  }
}

/** What an image nobody described does: it starts, stays, and says little. */
function genericProgram(image: string): Program {
  return {
    image,
    sizeMiB: 80,
    startupMs: 1_500,
    listens: [80, 8080],
    memory: { baseMiB: 24 },
    cpuMillicores: 4,
    logs: { startup: ['{ts} starting'], steady: [{ everyMs: 60_000, lines: ['{ts} alive'] }] },
  };
}

export interface ContainerRun {
  program: Program;
  /** Key of this run for noise: pod uid, container and restart count. */
  key: string;
  pod: string;
  startedAtMs: number;
  env: Record<string, string>;
  files: string[];
}

/** The first requirement of the program that does not hold. */
export function unmetRequirement(
  run: Pick<ContainerRun, 'program' | 'env' | 'files'>,
): Requirement | undefined {
  return run.program.requires?.find(
    (requirement) =>
      (requirement.env !== undefined && !run.env[requirement.env]) ||
      (requirement.file !== undefined && !run.files.includes(requirement.file)),
  );
}

/** Memory in use, bytes, at a moment of a run. */
export function memoryBytesAt(
  run: Pick<ContainerRun, 'program' | 'key' | 'startedAtMs'>,
  nowMs: number,
): number {
  const { baseMiB, growthMiBPerSecond = 0, ceilingMiB = Number.POSITIVE_INFINITY } = run.program.memory;
  const seconds = Math.max(0, nowMs - run.startedAtMs) / 1000;
  const warm = baseMiB * Math.min(1, 0.6 + seconds / 30);
  const wobble = 1 + (noise(`${run.key}/mem/${Math.floor(nowMs / 15_000)}`) - 0.5) * 0.04;
  return Math.min(ceilingMiB, warm * wobble + growthMiBPerSecond * seconds) * 1024 * 1024;
}

/** Cores in use at a moment. */
export function cpuCoresAt(run: Pick<ContainerRun, 'program' | 'key'>, nowMs: number): number {
  const wobble = 0.7 + noise(`${run.key}/cpu/${Math.floor(nowMs / 15_000)}`) * 0.6;
  return (run.program.cpuMillicores / 1000) * wobble;
}

export interface ProgramExit {
  atMs: number;
  exitCode: number;
  reason: 'Completed' | 'Error' | 'OOMKilled';
}

/** When and how a run ends by itself, seen at `nowMs`; undefined while it goes on. */
export function exitOf(
  run: ContainerRun,
  nowMs: number,
  memoryLimitBytes: number | undefined,
): ProgramExit | undefined {
  const unmet = unmetRequirement(run);
  if (unmet) return { atMs: run.startedAtMs + 1_000, exitCode: unmet.exitCode, reason: 'Error' };
  if (memoryLimitBytes !== undefined && memoryBytesAt(run, nowMs) >= memoryLimitBytes) {
    return { atMs: nowMs, exitCode: 137, reason: 'OOMKilled' };
  }
  const { exits } = run.program;
  if (exits && nowMs >= run.startedAtMs + exits.afterMs) {
    return {
      atMs: run.startedAtMs + exits.afterMs,
      exitCode: exits.exitCode,
      reason: exits.exitCode === 0 ? 'Completed' : 'Error',
    };
  }
  return undefined;
}

/** Whether the program accepts connections on a port at a moment. */
export function listensOn(run: ContainerRun, port: number, nowMs: number): boolean {
  const { startupMs, listens, unhealthyAfterMs } = run.program;
  const age = nowMs - run.startedAtMs;
  if (age < startupMs || !listens.includes(port)) return false;
  return unhealthyAfterMs === undefined || age < unhealthyAfterMs;
}
