'use client';
import { Inbox, ListTodo } from 'lucide-react';
import Link from 'next/link';
import { EmptyState } from '#src/components/empty-state.tsx';
import { ErrorState } from '#src/components/error-state.tsx';
import { PageHeader } from '#src/components/frame/page-header.tsx';
import { useMay } from '#src/components/frame/project-context.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { SkeletonRows } from '#src/components/ui/skeleton.tsx';
import { triageGroups } from '../../schema.ts';
import { CompleteDialog } from '../complete-dialog.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { TriageFilterBar } from './triage-filters.tsx';
import { formatGroupCount, TriageGroupSection } from './triage-group.tsx';
import { moreRows } from './use-board.ts';
import { useTriage } from './use-triage.ts';
import { isFiltered, useTriageFilters } from './use-triage-filters.ts';

/** Who looks at what: every investigation that runs, waits for a review, is being reviewed or has been. */
export function TriagePage({ project }: { project: string }) {
  const { filters, setFilters } = useTriageFilters();
  const mayOperate = useMay('operator');
  const triage = useTriage(project, filters);
  const { board, counts, selected, completing } = triage;
  const waiting = counts?.needs_review ?? 0;
  const isEmpty = triageGroups.every((group) => board[group].length === 0);
  return (
    <>
      <title>{waiting > 0 ? `(${formatGroupCount(waiting)}) Triage · TARS` : 'Triage · TARS'}</title>
      <PageHeader title="Triage" />
      <TriageFilterBar project={project} filters={filters} setFilters={setFilters} />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        {triage.isPending ? <SkeletonRows rows={12} rowClassName="h-11" /> : null}
        {triage.error ? (
          <ErrorState error={triage.error} what="the board" onRetry={() => void triage.reload()} />
        ) : null}
        {!triage.isPending && !triage.error && isEmpty ? (
          <NothingToTriage project={project} filtered={isFiltered(filters)} />
        ) : null}
        {!triage.isPending && !triage.error && !isEmpty
          ? triageGroups.map((group) => (
              <TriageGroupSection
                key={group}
                project={project}
                group={group}
                sessions={board[group]}
                count={counts?.[group]}
                limit={triage.limits[group]}
                onMore={() => triage.setLimits({ ...triage.limits, [group]: moreRows(triage.limits[group]) })}
                selected={selected}
                onSelect={mayOperate ? triage.toggle : null}
              />
            ))
          : null}
      </div>
      <BulkBar
        count={selected.size}
        possible={triage.possible}
        onAction={triage.act}
        onClear={triage.clear}
      />
      <CompleteDialog
        count={completing ? completing.length : null}
        before={completing?.length === 1 ? completing[0]?.review : undefined}
        onClose={triage.cancelComplete}
        onComplete={triage.complete}
      />
    </>
  );
}

function NothingToTriage({ project, filtered }: { project: string; filtered: boolean }) {
  return filtered ? (
    <EmptyState icon={ListTodo} title="No session matches">
      Nobody is assigned to such a session, or none has that type or rating.
    </EmptyState>
  ) : (
    <EmptyState
      icon={Inbox}
      title="Nothing to triage"
      action={
        <Button asChild>
          <Link href={`/p/${project}/sessions`}>Sessions</Link>
        </Button>
      }
    >
      Each finished investigation appears here until somebody has looked at it.
    </EmptyState>
  );
}
