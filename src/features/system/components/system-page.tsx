'use client';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Card } from '#src/components/card.tsx';
import { useTRPC } from '#src/components/data/trpc.ts';
import { ErrorState } from '#src/components/error-state.tsx';
import { PageHeader } from '#src/components/frame/page-header.tsx';
import { useMay } from '#src/components/frame/project-context.tsx';
import { SkeletonRows } from '#src/components/ui/skeleton.tsx';
import { SignInNotice } from '#src/features/mcp-servers/components/index.ts';
import { NotificationsCard } from '#src/features/notifications/components/index.ts';
import { ConfigurationCard } from './configuration-card.tsx';
import { HealthCard } from './health-card.tsx';
import { McpCard } from './mcp-card.tsx';
import { QueueCard } from './queue-card.tsx';
import { RetentionCard } from './retention-card.tsx';
import { SkillsCard } from './skills-card.tsx';
import { WarningsCard } from './warnings-card.tsx';
import { WorkersCard } from './workers-card.tsx';

const REFRESH_MS = 5_000;

/** Whether TARS itself is well: parts, workers, queue, tools, warnings, configuration. */
export function SystemPage({ project }: { project: string }) {
  const trpc = useTRPC();
  const isAdmin = useMay('admin');
  const overview = useQuery(trpc.system.overview.queryOptions({ project }, { refetchInterval: REFRESH_MS }));
  return (
    <Page>
      {overview.isPending ? <SkeletonRows rows={10} rowClassName="h-12" /> : null}
      {overview.isError && !overview.data ? (
        <ErrorState
          error={overview.error}
          what="the state of the system"
          onRetry={() => void overview.refetch()}
        />
      ) : null}
      {overview.data ? (
        <div className="mx-auto grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-4 lg:grid-cols-[repeat(2,minmax(0,1fr))]">
          <SignInNotice servers={overview.data.mcpServers} />
          <WarningsCard warnings={overview.data.warnings} />
          <HealthCard overview={overview.data} />
          <QueueCard queue={overview.data.queue} />
          <WorkersCard workers={overview.data.workers} />
          <McpCard project={project} servers={overview.data.mcpServers} />
          <SkillsCard project={project} />
          <RetentionCard retention={overview.data.retention} />
          <Card title="Notifications" wide>
            <NotificationsCard project={project} mayTest={isAdmin} />
          </Card>
          {isAdmin ? <ConfigurationCard project={project} /> : null}
        </div>
      ) : null}
    </Page>
  );
}

function Page({ children }: { children: ReactNode }) {
  return (
    <>
      <title>System · TARS</title>
      <PageHeader title="System" />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto p-3 md:p-5">{children}</div>
    </>
  );
}
