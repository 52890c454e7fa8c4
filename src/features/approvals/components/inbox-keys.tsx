'use client';
import { useShortcut } from '#src/components/shortcuts/shortcut-provider.tsx';
import type { ApprovalView } from '../schema.ts';
import { DecisionKeys } from './decision-keys.tsx';
import { requestOfApproval } from './decision-request.ts';

const GROUP = 'Approvals';
const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-approval]')];
const focused = () => document.activeElement?.closest<HTMLElement>('[data-approval]') ?? null;

/** The keyboard path of the inbox: `j` and `k` go over what waits, `y` and `n` decide on where the focus is, else the first. */
export function InboxKeys({ waiting }: { waiting: readonly ApprovalView[] }) {
  const move = (step: 1 | -1) => {
    const all = rows();
    const current = focused();
    const at = current ? all.indexOf(current) : -1;
    const next = at < 0 ? all.at(step === 1 ? 0 : -1) : all[at + step];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  };
  useShortcut('j', 'Next request', GROUP, () => move(1));
  useShortcut('k', 'Previous request', GROUP, () => move(-1));
  const pick = () => {
    const id = focused()?.dataset.approval;
    const approval = waiting.find((each) => each.id === id) ?? waiting[0];
    return approval ? requestOfApproval(approval) : null;
  };
  return <DecisionKeys pick={pick} />;
}
