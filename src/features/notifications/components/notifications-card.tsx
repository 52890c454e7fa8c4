'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTRPC } from '#src/components/data/trpc.ts';
import { ErrorState } from '#src/components/error-state.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import { SkeletonRows } from '#src/components/ui/skeleton.tsx';
import { formatQuantity } from '#src/lib/format-number.ts';
import type { NotificationState } from '../schema.ts';
import { DestinationEntry } from './destination-entry.tsx';
import { NotificationBadge } from './notification-badge.tsx';

const REFRESH_MS = 5_000;

const KINDS: Readonly<Record<string, string>> = {
  started: 'started',
  ended: 'ended',
  approval: 'asks for a decision',
  decision: 'decided',
};

/** Where people are told, how that goes, and the newest messages. */
export function NotificationsCard({ project, mayTest }: { project: string; mayTest: boolean }) {
  const trpc = useTRPC();
  const state = useQuery(trpc.notifications.state.queryOptions({ project }, { refetchInterval: REFRESH_MS }));
  if (state.isPending) return <SkeletonRows rows={2} rowClassName="h-9" />;
  if (!state.data)
    return <ErrorState error={state.error} what="the notifications" onRetry={() => void state.refetch()} />;
  const { destinations, counts, recent } = state.data;
  if (destinations.length === 0) return <Nobody />;
  return (
    <>
      <ul>
        {destinations.map((destination) => (
          <DestinationEntry
            key={destination.name}
            project={project}
            destination={destination}
            mayTest={mayTest}
          />
        ))}
      </ul>
      <p className="border-t px-4 py-2.5 text-dim text-xs">
        In the last day {formatQuantity(counts.sent, 'message')} of this project sent, {counts.waiting}{' '}
        waiting, {counts.failed} not sent.
      </p>
      {recent.length > 0 ? (
        <ul className="border-t">
          {recent.map((notification) => (
            <NotificationEntry key={notification.id} project={project} notification={notification} />
          ))}
        </ul>
      ) : null}
    </>
  );
}

const Nobody = () => (
  <p className="px-4 py-2.5 text-dim text-xs">
    Nobody is told. Name a channel of Slack, Mattermost or Teams, or a webhook, under{' '}
    <code className="text-text">notifications</code> in <code className="text-text">config/</code> to have
    investigations announced.
  </p>
);

type Entry = NotificationState['recent'][number];

function NotificationEntry({ project, notification }: { project: string; notification: Entry }) {
  const { sessionId, title, destination, kind, status, error, attempts, createdAt } = notification;
  const what = `${KINDS[kind] ?? kind} → ${destination}`;
  return (
    <li className="border-b px-4 py-1.5 last:border-b-0">
      <div className="flex min-h-6 items-center gap-2.5">
        <Link
          href={`/p/${project}/sessions/${sessionId}`}
          className="min-w-0 flex-1 truncate hover:underline"
        >
          {title}
        </Link>
        <span className="hidden text-dim text-xs sm:inline">{what}</span>
        <TimeAgo at={createdAt} className="text-dim text-xs" />
        <NotificationBadge status={status} />
      </div>
      <p className="text-dim text-xs sm:hidden">{what}</p>
      {error && status !== 'sent' ? (
        <p className="text-dim text-xs [overflow-wrap:anywhere]">
          {error} ({formatQuantity(attempts, 'attempt')})
        </p>
      ) : null}
    </li>
  );
}
