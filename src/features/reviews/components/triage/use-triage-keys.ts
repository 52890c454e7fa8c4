import { useShortcut } from '#src/components/shortcuts/shortcut-provider.tsx';
import type { ReviewAction } from '../../schema.ts';

const GROUP = 'Triage';

const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-triage]')];
const focusedRow = (): HTMLElement | null =>
  document.activeElement?.closest<HTMLElement>('[data-triage-row]')?.querySelector('[data-triage]') ?? null;

export const focusedSession = (): string | null => focusedRow()?.dataset.triage ?? null;

/** The session that has the focus next when the given ones move away from under it. */
export function neighbourOf(leaving: ReadonlySet<string>): string | null {
  const all = rows();
  const current = focusedRow();
  const at = current ? all.indexOf(current) : -1;
  if (at < 0) return null;
  const stays = (row: HTMLElement) => !leaving.has(row.dataset.triage ?? '');
  const next = all.slice(at).find(stays) ?? all.slice(0, at).findLast(stays);
  return next?.dataset.triage ?? null;
}

export function focusSession(id: string): void {
  const row = rows().find((each) => each.dataset.triage === id);
  row?.focus();
  row?.scrollIntoView({ block: 'nearest' });
}

function move(step: 1 | -1): void {
  const all = rows();
  const current = focusedRow();
  const at = current ? all.indexOf(current) : -1;
  const next = at < 0 ? all.at(step === 1 ? 0 : -1) : all[at + step];
  if (next?.dataset.triage) focusSession(next.dataset.triage);
}

/** The keyboard path of the board; Enter opens the focused session, as links do. */
export function useTriageKeys(options: {
  onSelect: () => void;
  onClear: () => void;
  onAction: (action: ReviewAction) => void;
}): void {
  const { onSelect, onClear, onAction } = options;
  useShortcut('j', 'Next session', GROUP, () => move(1));
  useShortcut('k', 'Previous session', GROUP, () => move(-1));
  useShortcut('x', 'Select the session', GROUP, onSelect);
  useShortcut('Escape', 'Clear the selection', GROUP, onClear);
  useShortcut('c', 'Claim', GROUP, () => onAction('claim'));
  useShortcut('u', 'Give back', GROUP, () => onAction('unclaim'));
  useShortcut('e', 'Complete with a rating', GROUP, () => onAction('complete'));
  useShortcut('a', 'Acknowledge without a rating', GROUP, () => onAction('acknowledge'));
  useShortcut('r', 'Reopen', GROUP, () => onAction('reopen'));
}
