import type { Memory } from '../schema.ts';

/** `m` is the memory. The vector is never read with the rest. */
export const MEMORY_COLUMNS = `m.id, m.content, m.category, m.valence, m.confidence, m.seen_count, m.source_session_id,
  m.alert_type, m.chain, m.deprecated_at, m.deprecated_why, m.author, m.created_at, m.updated_at, m.last_seen_at,
  (select count(*) from memory_injection i where i.memory_id = m.id) as injected_count`;

export type MemoryRow = {
  id: string;
  content: string;
  category: Memory['category'];
  valence: Memory['valence'];
  confidence: number;
  seen_count: number;
  injected_count: number;
  source_session_id: string | null;
  alert_type: string | null;
  chain: string | null;
  deprecated_at: Date | null;
  deprecated_why: string | null;
  author: string;
  created_at: Date;
  updated_at: Date;
  last_seen_at: Date;
};

export const memoryView = (row: MemoryRow): Memory => ({
  id: row.id,
  content: row.content,
  category: row.category,
  valence: row.valence,
  confidence: row.confidence,
  seenCount: row.seen_count,
  injectedCount: row.injected_count,
  sourceSessionId: row.source_session_id,
  alertType: row.alert_type,
  chain: row.chain,
  deprecatedAt: row.deprecated_at?.toISOString() ?? null,
  deprecatedWhy: row.deprecated_why,
  author: row.author,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
  lastSeenAt: row.last_seen_at.toISOString(),
});
