'use client';
import { useMemo, useState } from 'react';
import {
  DecisionKeys,
  type DecisionRequest,
  PendingBar,
  requestOfPending,
} from '#src/features/approvals/components/index.ts';
import type { SessionView } from '../schema.ts';
import { agentTree, flattenAgents } from './agent-tree.ts';

type PendingAreaProps = {
  session: SessionView;
  selected: string | null;
  onShow: (itemId: string) => void;
  /** While a search is open, `n` goes to its next match. */
  searching: boolean;
};

/** What the session waits for people to decide, always in view. The selected request is the current one, else the first. */
export function PendingArea({ session, selected, onShow, searching }: PendingAreaProps) {
  const { pendingApprovals: pending, stages } = session;
  const [chosen, setChosen] = useState<string | null>(null);
  const requests = useMemo(() => {
    const agents = stages.flatMap((stage) => flattenAgents(agentTree(stage)));
    return pending.map((each) => {
      const agent = agents.find(({ execution }) => execution.id === each.executionId);
      return requestOfPending(each, agent?.mark.name ?? null);
    });
  }, [pending, stages]);
  const itemOf = (request: DecisionRequest) => pending.find(({ id }) => id === request.id)?.itemId;
  const current =
    requests.find((request) => itemOf(request) === selected) ??
    requests.find(({ id }) => id === chosen) ??
    requests[0];
  if (!current) return null;
  const show = (request: DecisionRequest) => {
    const itemId = itemOf(request);
    if (itemId) onShow(itemId);
  };
  return (
    <>
      {searching ? null : <DecisionKeys pick={() => current} />}
      <PendingBar
        requests={requests}
        current={current}
        onCurrent={(request) => {
          setChosen(request.id);
          // An open inspector goes along; a closed one stays closed.
          if (pending.some(({ itemId }) => itemId === selected)) show(request);
        }}
        onShow={show}
      />
    </>
  );
}
