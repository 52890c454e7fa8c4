'use client';
import { useQuery } from '@tanstack/react-query';
import { FolderX } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTRPC } from '../data/trpc.ts';
import { EmptyState } from '../empty-state.tsx';
import { ErrorState } from '../error-state.tsx';
import { ShortcutProvider } from '../shortcuts/shortcut-provider.tsx';
import { Button } from '../ui/button.tsx';
import { FrameShell } from './frame-shell.tsx';
import { FrameSkeleton } from './frame-skeleton.tsx';
import { type NavBadges, ProjectContext } from './project-context.tsx';
import { StartPage } from './start-page.tsx';

const ME_STALE_MS = 60_000;

/** Everything below `/p/{project}`: who is signed in, the project, the sidebar, the palette, the shortcuts. */
export function ProjectFrame({
  project: slug,
  navBadges = {},
  notices,
  children,
}: {
  project: string;
  navBadges?: NavBadges;
  /** What every page shows above itself. */
  notices?: ReactNode;
  children: ReactNode;
}) {
  const trpc = useTRPC();
  const me = useQuery(trpc.access.me.queryOptions(undefined, { staleTime: ME_STALE_MS }));
  if (me.isPending) return <FrameSkeleton />;
  if (me.isError)
    return (
      <>
        <title>No connection · TARS</title>
        <ErrorState error={me.error} what="your account" onRetry={() => void me.refetch()} />
      </>
    );
  const project = me.data.projects.find((each) => each.slug === slug);
  if (!project && me.data.projects.length === 0) return <StartPage />;
  if (!project) return <NoSuchProject slug={slug} first={me.data.projects[0]?.slug} />;
  return (
    <ProjectContext
      value={{
        userName: me.data.name,
        project,
        projects: me.data.projects,
        navBadges,
        allowedLinkDomains: me.data.allowedLinkDomains,
        showsCosts: me.data.showsCosts,
      }}
    >
      <ShortcutProvider>
        <FrameShell notices={notices}>{children}</FrameShell>
      </ShortcutProvider>
    </ProjectContext>
  );
}

function NoSuchProject({ slug, first }: { slug: string; first: string | undefined }) {
  return (
    <main className="grid min-h-dvh place-items-center">
      <title>No such project · TARS</title>
      <EmptyState
        icon={FolderX}
        title={`No project "${slug}"`}
        action={
          <Button asChild variant="primary">
            <a href={first ? `/p/${first}/sessions` : '/'}>{first ? 'Open your project' : 'Start page'}</a>
          </Button>
        }
      >
        It does not exist, or you are not a member of it. An administrator of the project can add you.
      </EmptyState>
    </main>
  );
}
