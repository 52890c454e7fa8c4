'use client';
import { Lock } from 'lucide-react';
import { EmptyState } from '#src/components/empty-state.tsx';
import { PageHeader } from '#src/components/frame/page-header.tsx';
import { useMay } from '#src/components/frame/project-context.tsx';
import { HistoryCard } from './history-card.tsx';
import { KeysCard } from './keys-card.tsx';
import { MembersCard } from './members-card.tsx';
import { useAccess } from './use-access.ts';

/** Who and what may use this project; for its administrators. */
export function AccessPage({ project }: { project: string }) {
  const isAdmin = useMay('admin');
  return (
    <>
      <title>Access · TARS</title>
      <PageHeader title="Access" />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto p-3 md:p-5">
        {isAdmin ? (
          <Cards project={project} />
        ) : (
          <EmptyState icon={Lock} title="Only administrators manage members and keys">
            Ask an administrator of this project if you need somebody added, or a key.
          </EmptyState>
        )}
      </div>
    </>
  );
}

function Cards({ project }: { project: string }) {
  const actions = useAccess(project);
  return (
    <div className="mx-auto grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-4">
      <MembersCard project={project} actions={actions} />
      <KeysCard project={project} actions={actions} />
      <HistoryCard project={project} />
    </div>
  );
}
