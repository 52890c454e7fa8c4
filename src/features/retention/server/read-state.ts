import type { Kernel } from '#src/server/kernel.ts';
import { type RetentionKind, type RetentionState, retentionKinds } from '../schema.ts';

type SweepRow = { started_at: Date; ended_at: Date | null; error: string | null } & Record<
  RetentionKind,
  number
>;

/** How long things are kept, and what the last sweep removed. */
export async function readRetention(kernel: Kernel): Promise<RetentionState> {
  const {
    sessions: sessionsMs,
    events: eventsMs,
    logs: logsMs,
    usage: usageMs,
  } = kernel.config.current().retention;
  const kept = { sessionsMs, eventsMs, logsMs, usageMs };
  const { rows } = await kernel.database.pool.query<SweepRow>(
    `select started_at, ended_at, error, ${retentionKinds.join(', ')} from retention_sweep where id = 1`,
  );
  const [row] = rows;
  if (!row) return { ...kept, lastSweep: null };
  const { started_at, ended_at, error, ...removed } = row;
  const lastSweep = {
    startedAt: started_at.toISOString(),
    endedAt: ended_at?.toISOString() ?? null,
    error,
    removed,
  };
  return { ...kept, lastSweep };
}

/** What all sweeps have removed so far, by kind. */
export async function readRemovedTotals(kernel: Kernel): Promise<Record<RetentionKind, number>> {
  const { rows } = await kernel.database.pool.query<Record<RetentionKind, number>>(
    `select ${retentionKinds.map((kind) => `total_${kind} as ${kind}`).join(', ')} from retention_sweep where id = 1`,
  );
  return rows[0] ?? { sessions: 0, events: 0, calls: 0, alerts: 0, usage: 0 };
}
