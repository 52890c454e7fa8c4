import type { NodeMetricFact, PodMetricFact } from './facts.ts';
import { parseTable } from './parse-table.ts';
import { parseCpuMillis, parseMemoryBytes } from './quantities.ts';

/** `kubectl top pods --containers` style output: NAMESPACE, POD, NAME, CPU(cores), MEMORY(bytes). */
export function parsePodMetrics(text: string, ref: string): PodMetricFact[] {
  return parseTable(text).flatMap((row) => {
    const cpuMillis = parseCpuMillis(row.cells['CPU(cores)'] ?? '');
    const memoryBytes = parseMemoryBytes(row.cells['MEMORY(bytes)'] ?? '');
    const pod = row.cells.POD ?? row.cells.NAME ?? '';
    if (cpuMillis === undefined || memoryBytes === undefined || pod === '') return [];
    const container = row.cells.POD === undefined ? '' : (row.cells.NAME ?? '');
    return [{ ref, namespace: row.namespace, pod, container, cpuMillis, memoryBytes, quote: row.line }];
  });
}

/** `kubectl top nodes` style output: NAME, CPU(cores), CPU%, MEMORY(bytes), MEMORY%. */
export function parseNodeMetrics(text: string, ref: string): NodeMetricFact[] {
  return parseTable(text).flatMap((row) => {
    if (row.name === '') return [];
    const cpuPercent = percent(row.cells['CPU%'] ?? row.cells['CPU(%)']);
    const memoryPercent = percent(row.cells['MEMORY%'] ?? row.cells['MEMORY(%)']);
    return [
      {
        ref,
        name: row.name,
        quote: row.line,
        ...(cpuPercent === undefined ? {} : { cpuPercent }),
        ...(memoryPercent === undefined ? {} : { memoryPercent }),
      },
    ];
  });
}

function percent(text: string | undefined): number | undefined {
  const match = text?.match(/^(\d+(?:\.\d+)?)%$/);
  return match ? Number(match[1]) : undefined;
}
