'use client';
import { useMemo } from 'react';
import { isMissing } from '#src/components/data/describe-error.ts';
import { ErrorState } from '#src/components/error-state.tsx';
import { useReveal } from '#src/components/names/names-context.ts';
import { SessionNames } from '#src/components/names/session-names.tsx';
import { Skeleton, SkeletonRows } from '#src/components/ui/skeleton.tsx';
import { useSession } from '../hooks/use-session.ts';
import type { SessionView } from '../schema.ts';
import { SessionHeader } from './header/session-header.tsx';
import { ImageViewer } from './images/image-viewer.tsx';
import { NoSuchSession } from './locate-session.tsx';
import { SessionBody } from './session-body.tsx';
import { sessionTitle } from './session-title.ts';
import { settleState } from './settle-state.ts';

/** One investigation, live. */
export function SessionPage({ project, id }: { project: string; id: string }) {
  const { state: known, connection, error, retry } = useSession(project, id);
  const state = useMemo(() => known && settleState(known), [known]);
  if (!state && error) {
    return isMissing(error) ? (
      <NoSuchSession back={`/p/${project}/sessions`} />
    ) : (
      <>
        <title>Session · TARS</title>
        <ErrorState error={error} what="this session" onRetry={retry} />
      </>
    );
  }
  if (!state) return <SessionSkeleton />;
  return (
    <SessionNames project={project} sessionId={id}>
      <PageTitle session={state.session} />
      <SessionHeader project={project} session={state.session} connection={connection} />
      <ImageViewer project={project}>
        <SessionBody project={project} state={state} />
      </ImageViewer>
    </SessionNames>
  );
}

/** Of the tab. */
function PageTitle({ session }: { session: SessionView }) {
  return <title>{useReveal()(sessionTitle(session))}</title>;
}

function SessionSkeleton() {
  return (
    <>
      <title>Session · TARS</title>
      <div className="grid gap-2 border-b bg-panel px-4 py-3">
        <Skeleton className="h-5 w-2/3" />
        <Skeleton className="h-3.5 w-1/2" />
      </div>
      <div className="flex min-h-0 flex-1">
        <div className="hidden w-56 border-r bg-panel lg:block" />
        <div className="flex-1 pt-3">
          <SkeletonRows rows={10} rowClassName="h-12" />
        </div>
      </div>
    </>
  );
}
