'use client';
import { ShieldCheck } from 'lucide-react';
import { EmptyState } from '#src/components/empty-state.tsx';
import { ErrorState } from '#src/components/error-state.tsx';
import { PageHeader } from '#src/components/frame/page-header.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { SkeletonRows } from '#src/components/ui/skeleton.tsx';
import { Spinner } from '#src/components/ui/spinner.tsx';
import { DecidedRow } from './decided-row.tsx';
import { DecisionProvider } from './decision-context.tsx';
import { outcomeOfApproval } from './decision-request.ts';
import { InboxKeys } from './inbox-keys.tsx';
import { useApprovals } from './use-approvals.ts';
import { WaitingRow } from './waiting-row.tsx';

/** Everything in the project that waits for a person, and what was decided. */
export function ApprovalsPage({ project }: { project: string }) {
  const { waiting, decided, pending, all } = useApprovals(project);
  const known = new Map([...decided, ...waiting].map((approval) => [approval.id, approval]));
  const outcomeOf = (id: string) => {
    const approval = known.get(id);
    return approval ? outcomeOfApproval(approval) : null;
  };
  return (
    <DecisionProvider project={project} outcomeOf={outcomeOf}>
      <title>Approvals · TARS</title>
      <PageHeader title="Approvals" />
      <InboxKeys waiting={waiting} />
      <div className="thin-scroll @container min-h-0 flex-1 overflow-y-auto">
        {pending.isPending ? <SkeletonRows rows={4} rowClassName="h-24" /> : null}
        {pending.isError && !pending.data ? (
          <ErrorState error={pending.error} what="the approvals" onRetry={() => void pending.refetch()} />
        ) : null}
        {pending.data && waiting.length === 0 ? (
          <EmptyState icon={ShieldCheck} title="Nothing waits for a decision">
            Calls that change something and are not allowed by the configuration wait here, what agents ask
            people, and agents that have used up their iterations. This page, the sidebar and the tab's title
            follow along.
          </EmptyState>
        ) : null}
        {waiting.length > 0 ? (
          <section aria-label="Waiting" className="mx-auto grid max-w-4xl gap-3 p-3 md:p-4">
            <h2 className="font-medium text-dim text-xs">
              Waiting <span className="tabular">{waiting.length}</span>
            </h2>
            {waiting.map((approval) => (
              <WaitingRow key={approval.id} project={project} approval={approval} />
            ))}
          </section>
        ) : null}
        {decided.length > 0 ? (
          <section aria-label="Decided" className="mx-auto max-w-4xl p-3 md:p-4">
            <h2 className="mb-1 font-medium text-dim text-xs">Decided</h2>
            <ul>
              {decided.map((approval) => (
                <DecidedRow key={approval.id} project={project} approval={approval} />
              ))}
            </ul>
          </section>
        ) : null}
        {all.hasNextPage ? (
          <div className="flex justify-center p-3">
            <Button size="sm" disabled={all.isFetchingNextPage} onClick={() => void all.fetchNextPage()}>
              {all.isFetchingNextPage ? <Spinner /> : null} Earlier
            </Button>
          </div>
        ) : null}
      </div>
    </DecisionProvider>
  );
}
