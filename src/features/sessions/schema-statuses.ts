import { z } from 'zod';

export const runStatuses = [
  'pending',
  'running',
  'waiting',
  'cancelling',
  'completed',
  'failed',
  'timed_out',
  'cancelled',
] as const;
export const runStatusSchema = z.enum(runStatuses);
export type RunStatus = z.infer<typeof runStatusSchema>;

const terminal: ReadonlySet<RunStatus> = new Set(['completed', 'failed', 'timed_out', 'cancelled']);
export const isTerminal = (status: RunStatus): boolean => terminal.has(status);
