import type { Facts } from '../facts.ts';
import type { Focus } from '../focus.ts';
import { MAX_QUOTE_CHARS, QUOTE_TAIL_CHARS } from '../tunables.ts';

export interface Evidence {
  /** Id of the tool call whose result says it. */
  toolCallRef: string;
  /** The decisive line as the tool printed it, or the field as `path: value`. */
  quote: string;
  /** What the quote shows. */
  note: string;
}

export interface ObjectRef {
  kind: string;
  namespace: string;
  name: string;
}

export type Confidence = 'high' | 'medium' | 'low';

/** What one failure pattern recognised. */
export interface Finding {
  /** Stable name of the pattern. */
  pattern: string;
  /** The answer in one plain sentence. */
  cause: string;
  /** How the cause leads to what is seen. */
  explanation: string;
  subject: ObjectRef;
  /** Objects that suffer from it; relates the finding to the alert. */
  affects: ObjectRef[];
  confidence: Confidence;
  /** Why the confidence is what it is. */
  because: string;
  evidence: Evidence[];
  remediation: { text: string; command?: string }[];
  prevention: string[];
  ruledOut: string[];
  /**
   * How near to the root the pattern is: 1 a symptom (rollout stuck), 2 a mechanism (probe fails), 3 a cause (key is
   * missing), 4 a cause that explains causes of others (a node under pressure, an outage of a dependency).
   */
  depth: 1 | 2 | 3 | 4;
}

export interface PatternInput {
  facts: Facts;
  focus: Focus;
}

export type Pattern = (input: PatternInput) => Finding[];

/** A piece of evidence. A long quote keeps its end too: errors are wrapped, and the decisive words come last. */
export function evidence(toolCallRef: string, quote: string, note: string): Evidence {
  const flat = quote.replace(/\s+/g, ' ').trim();
  if (flat.length <= MAX_QUOTE_CHARS) return { toolCallRef, quote: flat, note };
  const head = flat.slice(0, MAX_QUOTE_CHARS - QUOTE_TAIL_CHARS);
  return { toolCallRef, quote: `${head} … ${flat.slice(-QUOTE_TAIL_CHARS)}`, note };
}

/** Evidence without entries that quote nothing, each quote once. */
export function distinctEvidence(items: Evidence[]): Evidence[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = `${item.toolCallRef}|${item.quote}`;
    if (item.quote === '' || item.toolCallRef === '' || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
