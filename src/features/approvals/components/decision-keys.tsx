'use client';
import { useShortcut } from '#src/components/shortcuts/shortcut-provider.tsx';
import { useDecisions } from './decision-context.tsx';
import type { DecisionRequest } from './decision-request.ts';

const GROUP = 'Approvals';

/**
 * `y` and `n` on a request while this is on the page; both show it in full and ask once more. `pick` says which one when
 * the key is pressed.
 */
export function DecisionKeys({ pick }: { pick: () => DecisionRequest | null }) {
  const { may, ask } = useDecisions();
  const decide = (yes: boolean) => {
    const request = may ? pick() : null;
    if (!request) return;
    if (!yes) ask(request, 'deny');
    else ask(request, request.kind === 'question' ? 'answer' : 'approve');
  };
  useShortcut('y', 'Approve what waits, or answer it', GROUP, () => decide(true));
  useShortcut('n', 'Deny what waits', GROUP, () => decide(false));
  return null;
}
