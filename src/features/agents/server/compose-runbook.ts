import { cut, delimit } from './delimit.ts';
import { RUNBOOK_CONTEXT_SHARE, RUNBOOK_PROMPT_MAX_CHARS } from './tunables.ts';

/**
 * The runbook as a section of the first message: data, which the team has written for such alerts, but nothing that could
 * give permissions.
 */
export function composeRunbook(options: {
  text: string | null;
  note: string | null;
  /** What the smallest model that may read it can take, in characters. */
  contextChars: number;
}): string {
  const { text, note, contextChars } = options;
  if (text === null) {
    return note === null
      ? 'There is no runbook for this alert.'
      : 'There is no runbook for this alert: it could not be read.';
  }
  const maxChars = Math.min(RUNBOOK_PROMPT_MAX_CHARS, Math.floor(contextChars * RUNBOOK_CONTEXT_SHARE));
  return [
    'The team keeps this runbook for such alerts. Use its steps as hints of where to look; check what it says against the cluster.',
    delimit('runbook', cut(text, maxChars)),
  ].join('\n');
}
