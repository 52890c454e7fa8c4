import type { TimelineItem } from '../../schema.ts';

/**
 * Thoughts that are open although their agent has gone on, by id with the time at which it did: an agent does not think
 * and write at the same time.
 */
export function findOvertaken(items: readonly TimelineItem[]): ReadonlyMap<string, string> {
  const thinking = new Map<string | null, string>();
  const overtaken = new Map<string, string>();
  for (const item of items) {
    const thought = thinking.get(item.executionId);
    if (thought !== undefined) {
      overtaken.set(thought, item.startedAt);
      thinking.delete(item.executionId);
    }
    if (item.type === 'thinking' && item.status === 'streaming') thinking.set(item.executionId, item.id);
  }
  return overtaken;
}
