import { HALF_LIFE_DAYS, RANK_FUSION_K } from './tunables.ts';

export type Candidate = { id: string; confidence: number; lastSeenAt: Date };

const DAY_MS = 86_400_000;

/**
 * Orders memories by how well they fit and how far they can be trusted: reciprocal rank fusion of the ways they were found
 * (each a list of ids, best first), times confidence, times decay since they were last confirmed. Best first.
 */
export function rankMemories<T extends Candidate>(
  candidates: readonly T[],
  ways: readonly (readonly string[])[],
  now: Date,
): T[] {
  const fused = new Map<string, number>();
  for (const way of ways) {
    for (const [index, id] of way.entries())
      fused.set(id, (fused.get(id) ?? 0) + 1 / (RANK_FUSION_K + index + 1));
  }
  const worth = ({ id, confidence, lastSeenAt }: T) => {
    const ageDays = Math.max(0, now.getTime() - lastSeenAt.getTime()) / DAY_MS;
    return (fused.get(id) ?? 0) * (0.7 + 0.3 * confidence) * 0.5 ** (ageDays / HALF_LIFE_DAYS);
  };
  return candidates
    .filter(({ id }) => fused.has(id))
    .map((candidate) => ({ candidate, worth: worth(candidate) }))
    .sort((a, b) => b.worth - a.worth || a.candidate.id.localeCompare(b.candidate.id))
    .map(({ candidate }) => candidate);
}

/** Cosine of the angle between two vectors; 0 when they cannot be compared. */
export function cosine(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length || a.length === 0) return 0;
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let index = 0; index < a.length; index += 1) {
    const x = a[index] ?? 0;
    const y = b[index] ?? 0;
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb);
}
