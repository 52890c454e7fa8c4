import { toTimestamp } from './clock.ts';
import type { Condition } from './kinds/schema.ts';

/** Sets a condition, keeping its transition time while the status stays the same. */
export function setCondition(
  conditions: Condition[] | undefined,
  next: { type: string; status: string; reason?: string; message?: string },
  nowMs: number,
): Condition[] {
  const current = (conditions ?? []).find((entry) => entry.type === next.type);
  const lastTransitionTime =
    current?.status === next.status && current.lastTransitionTime
      ? current.lastTransitionTime
      : toTimestamp(nowMs);
  const { reason: _reason, message: _message, ...kept } = current ?? { type: next.type, status: next.status };
  const merged: Condition = { ...kept, ...next, lastTransitionTime };
  if (!current) return [...(conditions ?? []), merged];
  return (conditions ?? []).map((entry) => (entry.type === next.type ? merged : entry));
}

/** Whether a condition is present with status True. */
export function isConditionTrue(conditions: Condition[] | undefined, type: string): boolean {
  return (conditions ?? []).some((entry) => entry.type === type && entry.status === 'True');
}
