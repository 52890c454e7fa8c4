import type { EvidenceLink } from '#src/features/sessions/schema.ts';

/** A tool call that an answer may refer to. */
export type EvidenceTarget = { callId: string; itemId: string; label: string };

const REFERENCE = /\[tool:\s*([^\]\s]+)\s*\]/g;

/**
 * The tool calls that an answer refers to as `[tool: <id>]`, each once, in the order of their first mention. References to
 * calls that never happened are left out: they stay plain text.
 */
export function linkEvidence(answer: string, targets: readonly EvidenceTarget[]): EvidenceLink[] {
  const byId = new Map(targets.map((target) => [target.callId, target]));
  const mentioned = new Set([...answer.matchAll(REFERENCE)].map((match) => match[1] ?? ''));
  return [...mentioned].flatMap((id) => {
    const target = byId.get(id);
    return target ? [{ callId: target.callId, itemId: target.itemId, label: target.label }] : [];
  });
}
