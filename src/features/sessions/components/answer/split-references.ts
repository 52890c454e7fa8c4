/** A piece of an answer: text, or a reference to the tool call that a claim rests on. */
export type AnswerPiece =
  | { kind: 'text'; text: string }
  | { kind: 'reference'; callId: string; text: string };

const REFERENCE = /\[tools?:\s*([^[\]\n]{1,400})\]/gi;

/**
 * Finds `[tool: <callId>]` references, also several ids in one (`[tool: a, b]`). Only ids that `isKnown` become
 * references; a bracket in which nothing is known stays the text it is.
 */
export function splitReferences(text: string, isKnown: (callId: string) => boolean): AnswerPiece[] {
  const pieces: AnswerPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(REFERENCE)) {
    const ids = (match[1] ?? '').split(/[,;\s]+/).map((id) => id.replaceAll('`', '').trim());
    const known = ids.filter((id) => id !== '' && isKnown(id));
    if (known.length === 0) continue;
    if (match.index > end) pieces.push({ kind: 'text', text: text.slice(end, match.index) });
    for (const callId of known) pieces.push({ kind: 'reference', callId, text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ kind: 'text', text: text.slice(end) });
  return pieces;
}
