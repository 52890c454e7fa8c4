'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTRPC } from '#src/components/data/trpc.ts';
import { ErrorState } from '#src/components/error-state.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import { SkeletonRows } from '#src/components/ui/skeleton.tsx';
import { formatQuantity } from '#src/lib/format-number.ts';
import type { NotificationState } from '../schema.ts';
import { NotificationBadge } from './notification-badge.tsx';

const REFRESH_MS = 5_000;

const KINDS: Readonly<Record<string, string>> = {
  started: 'started',
  ended: 'ended',
  approval: 'asks for a decision',
};

/** Whether people are told, and the newest messages. */
export function NotificationsCard({ project }: { project: string }) {
  const trpc = useTRPC();
  const state = useQuery(trpc.notifications.state.queryOptions({ project }, { refetchInterval: REFRESH_MS }));
  if (state.isPending) return <SkeletonRows rows={2} rowClassName="h-9" />;
  if (!state.data)
    return <ErrorState error={state.error} what="the notifications" onRetry={() => void state.refetch()} />;
  return (
    <>
      <Introduction state={state.data} />
      {state.data.recent.length > 0 ? (
        <ul className="border-t">
          {state.data.recent.map((notification) => (
            <NotificationEntry key={notification.id} project={project} notification={notification} />
          ))}
        </ul>
      ) : null}
    </>
  );
}

function Introduction({ state: { slack, channel, counts } }: { state: NotificationState }) {
  if (slack === 'off') {
    return (
      <p className="px-4 py-2.5 text-dim text-xs">
        Nobody is told. Name a channel under <code className="text-text">notifications.slack</code> in{' '}
        <code className="text-text">config/</code> to have investigations announced in Slack.
      </p>
    );
  }
  if (slack === 'no_token') {
    return (
      <p className="px-4 py-2.5 text-warn text-xs">
        Slack channel {channel} has no token: nothing is sent until{' '}
        <code className="text-text">notifications.slack.token</code> is set.
      </p>
    );
  }
  return (
    <p className="px-4 py-2.5 text-dim text-xs">
      Slack, {channel}. In the last day {formatQuantity(counts.sent, 'message')} sent, {counts.waiting}{' '}
      waiting, {counts.failed} not sent. Try it with <code className="text-text">npx tars notify test</code>.
    </p>
  );
}

type Entry = NotificationState['recent'][number];

function NotificationEntry({ project, notification }: { project: string; notification: Entry }) {
  const { sessionId, title, kind, status, error, attempts, createdAt } = notification;
  return (
    <li className="border-b px-4 py-1.5 last:border-b-0">
      <div className="flex min-h-6 items-center gap-2.5">
        <Link
          href={`/p/${project}/sessions/${sessionId}`}
          className="min-w-0 flex-1 truncate hover:underline"
        >
          {title}
        </Link>
        <span className="hidden text-dim text-xs sm:inline">{KINDS[kind] ?? kind}</span>
        <TimeAgo at={createdAt} className="text-dim text-xs" />
        <NotificationBadge status={status} />
      </div>
      <p className="text-dim text-xs sm:hidden">{KINDS[kind] ?? kind}</p>
      {error && status !== 'sent' ? (
        <p className="text-dim text-xs [overflow-wrap:anywhere]">
          {error} ({formatQuantity(attempts, 'attempt')})
        </p>
      ) : null}
    </li>
  );
}
