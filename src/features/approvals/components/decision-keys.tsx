'use client';
import { useShortcut } from '#src/components/shortcuts/shortcut-provider.tsx';
import { useDecisions } from './decision-context.tsx';
import { modesOf } from './decision-modes.ts';
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
    if (request) ask(request, modesOf[request.kind][yes ? 'yes' : 'no']);
  };
  useShortcut('y', 'Approve what waits, answer it, or let it go on', GROUP, () => decide(true));
  useShortcut('n', 'Deny what waits, or have it conclude', GROUP, () => decide(false));
  return null;
}
