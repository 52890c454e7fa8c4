import type { Kernel } from '#src/server/kernel.ts';
import type { SessionRunbook } from '../schema.ts';
import { readRunbook } from './read-runbook.ts';
import { RunbookError } from './runbook-error.ts';

/**
 * The runbook for a session: the alert's own, else the chain's default, else none. What cannot be read is said in the note
 * and never fails anything. Throws only when `signal` aborts or the database is not there.
 */
export async function loadRunbook(
  kernel: Kernel,
  options: {
    /** The alert's own. */
    reference: string | null;
    /** The chain's default. */
    fallback: string | null;
    signal: AbortSignal;
  },
): Promise<SessionRunbook> {
  const { reference, fallback, signal } = options;
  const candidates = [...new Set([reference, fallback].filter((name) => name !== null))];
  const notes: string[] = [];
  for (const candidate of candidates) {
    try {
      const { content, note } = await readRunbook(kernel, { reference: candidate, signal });
      if (content.trim() !== '') {
        const instead = notes.length > 0 ? [`${candidate} is used instead.`] : [];
        return {
          text: content,
          source: candidate,
          note: joinNotes([...notes, ...instead, ...(note ? [note] : [])]),
        };
      }
      notes.push(`The runbook ${candidate} is empty.`);
    } catch (error) {
      if (!(error instanceof RunbookError)) throw error;
      kernel.log.warn({ problem: error.message }, 'runbook not read');
      notes.push(`The runbook ${candidate} could not be read: ${error.message}.`);
    }
  }
  return { text: null, source: null, note: joinNotes(notes) };
}

const joinNotes = (notes: readonly string[]): string | null => (notes.length === 0 ? null : notes.join(' '));
