'use client';
import Link from 'next/link';
import { SessionTitle } from '#src/components/names/session-title.tsx';
import { StatusBadge, StatusIcon } from '#src/components/run-status.tsx';
import { ShortSpend } from '#src/components/spend.tsx';
import { Clock, TimeAgo } from '#src/components/time.tsx';
import { formatCount } from '#src/lib/format-number.ts';
import type { SessionListItem } from '../../schema.ts';
import { CancelSessionButton } from '../cancel-session-button.tsx';
import { SeverityBadge } from '../severity-badge.tsx';
import { PendingMark } from './pending-mark.tsx';
import { RunMarks } from './run-marks.tsx';

type Active = {
  running: readonly SessionListItem[];
  queued: readonly SessionListItem[];
  queuedTotal: number;
};

/** What runs now and what waits, above the history. Takes no room while nothing does. */
export function ActiveSessions({ project, active }: { project: string; active: Active }) {
  if (active.running.length === 0 && active.queued.length === 0) return null;
  return (
    <section aria-label="Running and queued" className="border-b bg-panel">
      {active.running.length > 0 ? (
        <>
          <Heading text={headingOf(active.running)} count={active.running.length} />
          <ul>
            {active.running.map((session) => (
              <RunningRow key={session.id} project={project} session={session} />
            ))}
          </ul>
        </>
      ) : null}
      {active.queued.length > 0 ? (
        <>
          <Heading text="In the queue" count={active.queuedTotal} />
          <ul className="thin-scroll max-h-56 overflow-y-auto">
            {active.queued.map((session) => (
              <QueuedRow key={session.id} project={project} session={session} />
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}

/** What waits for a person runs no more than what is queued does; the heading says that it is there. */
const headingOf = (running: readonly SessionListItem[]): string =>
  running.some(({ status }) => status === 'waiting') ? 'Running and waiting' : 'Running';

function Heading({ text, count }: { text: string; count: number }) {
  return (
    <h2 className="px-3 pt-2 pb-0.5 font-medium text-dim text-xs md:px-4">
      {text} <span className="tabular">{count}</span>
    </h2>
  );
}

const itemClass = 'flex items-center pr-2 hover:bg-raised';
const rowClass = 'flex min-h-9 min-w-0 flex-1 items-center gap-3 py-1 pl-3 pr-1 md:pl-4';

function RunningRow({ project, session }: { project: string; session: SessionListItem }) {
  const tokens = session.usage.inputTokens + session.usage.outputTokens;
  return (
    <li className={itemClass}>
      <Link href={`/p/${project}/sessions/${session.id}`} data-session={session.id} className={rowClass}>
        <StatusBadge status={session.status} className="hidden w-[6.2rem] @lg:inline-flex" />
        <StatusIcon status={session.status} className="@lg:hidden" />
        <Clock from={session.startedAt} to={null} className="w-14 font-medium" />
        <span className="min-w-0 flex-1 @3xl:flex @3xl:items-baseline @3xl:gap-3">
          <span className="block truncate font-medium">
            <SessionTitle project={project} session={session} />
          </span>
          <span className="block min-w-0 truncate text-dim text-xs @3xl:min-w-32 @3xl:flex-1">
            <PendingMark count={session.pendingApprovals} />
            {session.progress}
          </span>
        </span>
        <span className="hidden gap-1 @3xl:flex">
          <RunMarks session={session} />
        </span>
        <span className="hidden sm:block">
          <SeverityBadge severity={session.severity} />
        </span>
        <span className="tabular hidden w-36 text-right text-dim text-xs @4xl:block">
          {formatCount(tokens)} tokens
          {session.usage.costUsd === undefined ? null : (
            <>
              {' '}
              · <ShortSpend usage={session.usage} />
            </>
          )}
        </span>
      </Link>
      <CancelSessionButton project={project} session={session} short />
    </li>
  );
}

function QueuedRow({ project, session }: { project: string; session: SessionListItem }) {
  return (
    <li className={itemClass}>
      <Link href={`/p/${project}/sessions/${session.id}`} data-session={session.id} className={rowClass}>
        <StatusBadge status={session.status} className="hidden w-[6.2rem] @lg:inline-flex" />
        <StatusIcon status={session.status} className="@lg:hidden" />
        <span className="tabular w-14 font-medium">
          {session.queuePosition === null ? '' : `#${session.queuePosition}`}
        </span>
        <span className="min-w-0 flex-1 truncate">
          <SessionTitle project={project} session={session} />
        </span>
        <span className="hidden sm:block">
          <SeverityBadge severity={session.severity} />
        </span>
        <span className="text-dim text-xs">
          <span className="hidden @lg:inline">waiting since </span>
          <TimeAgo at={session.createdAt} />
        </span>
      </Link>
      <CancelSessionButton project={project} session={session} short />
    </li>
  );
}
