import { RE2JS } from 're2js';
import type { WhenConfig } from '#src/server/config/index.ts';

export type EarlierResult = { stage: string; result: string };

/**
 * Whether a stage's condition holds of the earlier results, in order. Returns null when it does, else why not, in words
 * that people read. A stage that has no result (skipped, or nothing came of it) fulfils nothing.
 */
export function whyNotWhen(when: WhenConfig, earlier: readonly EarlierResult[]): string | null {
  const found = earlier.findLast(({ stage }) => when.stage === undefined || stage === when.stage);
  const name = when.stage === undefined ? 'no earlier stage' : `stage "${when.stage}"`;
  if (!found) return when.stage === undefined ? `${name} has a result` : `${name} has no result`;
  const { stage, result } = found;
  if (when.matches && !matches(when.matches, result))
    return `the result of stage "${stage}" does not match ${when.matches}`;
  if (when.notMatches && matches(when.notMatches, result))
    return `the result of stage "${stage}" matches ${when.notMatches}`;
  if (!when.confidence) return null;
  const stated = readConfidence(result);
  if (stated && when.confidence.includes(stated)) return null;
  const wanted = when.confidence.join(' or ');
  return `the result of stage "${stage}" states ${stated ?? 'no'} confidence, not ${wanted}`;
}

const matches = (pattern: string, text: string): boolean =>
  RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE).matcher(text).find();

/** The first level named in the section "Confidence" of an answer, or in its title, where models like to put it. */
export function readConfidence(result: string): 'high' | 'medium' | 'low' | null {
  const section = /^(?:#{1,6}\s*|\*\*)(?:\*\*)?confidence\b([\s\S]*?)(?=^#{1,6}\s|(?![\s\S]))/im.exec(
    result,
  )?.[1];
  const word = /\b(high|medium|low)\b/i.exec(section ?? '')?.[1]?.toLowerCase();
  return word === 'high' || word === 'medium' || word === 'low' ? word : null;
}
