import { readdir, readFile } from 'node:fs/promises';

/** Clock ticks of `/proc/<pid>/stat`; 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

export type ProcessUsage = {
  pid: number;
  parent: number;
  command: string;
  rssMb: number;
  cpuSeconds: number;
};

/** Fields of `/proc/<pid>/stat` from the third on; the second one, the name, may contain anything. */
async function readStat(pid: number): Promise<string[] | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Processor time that a process has used so far, in seconds; 0 when it is gone. */
export async function cpuSeconds(pid: number): Promise<number> {
  const fields = await readStat(pid);
  return (Number(fields?.[11] ?? 0) + Number(fields?.[12] ?? 0)) / TICKS_PER_SECOND;
}

async function readUsage(pid: number): Promise<ProcessUsage | undefined> {
  const [fields, status, command] = await Promise.all([
    readStat(pid),
    readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''),
    readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
  ]);
  if (!fields) return undefined;
  return {
    pid,
    parent: Number(fields[1]),
    command: command.replaceAll('\0', ' ').trim(),
    rssMb: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024,
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
  };
}

/** A process and all that descend from it, parents before children. Linux only. */
export async function readProcessTree(root: number): Promise<ProcessUsage[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const usages = (await Promise.all(pids.map(readUsage))).filter((usage) => usage !== undefined);
  const byParent = Map.groupBy(usages, (usage) => usage.parent);
  const tree = usages.filter((usage) => usage.pid === root);
  // Grows while it is walked: every process is visited once, since a process has one parent.
  for (const usage of tree) tree.push(...(byParent.get(usage.pid) ?? []));
  return tree;
}
