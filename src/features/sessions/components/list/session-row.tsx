'use client';
import { PanelRight } from 'lucide-react';
import Link from 'next/link';
import { SessionTitle } from '#src/components/names/session-title.tsx';
import { StatusBadge, StatusIcon, statusWord } from '#src/components/run-status.tsx';
import { ShortSpend } from '#src/components/spend.tsx';
import { Duration, TimeAgo } from '#src/components/time.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { cn } from '#src/components/ui/cn.ts';
import { CheckMark } from '#src/features/check-outcomes/components/index.ts';
import { RatingBadge, ReviewBadge } from '#src/features/reviews/components/index.ts';
import { ScoreBadge } from '#src/features/scores/components/index.ts';
import { formatCount } from '#src/lib/format-number.ts';
import { plainError } from '#src/lib/plain-error.ts';
import { isTerminal, type SessionListItem } from '../../schema.ts';
import { SeverityBadge } from '../severity-badge.tsx';
import { describeStages } from './describe-marks.ts';
import { PendingMark } from './pending-mark.tsx';
import { RunMarks } from './run-marks.tsx';

type SessionRowProps = { project: string; session: SessionListItem; peeked: boolean; onPeek: () => void };

export function SessionRow({ project, session, peeked, onPeek }: SessionRowProps) {
  const ended = isTerminal(session.status);
  return (
    <tr
      className={cn('h-11 border-b hover:bg-raised', peeked && 'bg-accent-soft/60 hover:bg-accent-soft/60')}
    >
      <td className="pl-3 md:pl-4">
        <StatusBadge status={session.status} className="hidden @lg:inline-flex" />
        <StatusIcon status={session.status} className="@lg:hidden" />
      </td>
      <td className="min-w-0 pr-3">
        <span className="flex items-center gap-2">
          <Link
            href={`/p/${project}/sessions/${session.id}`}
            data-session={session.id}
            className="truncate rounded font-medium hover:underline"
          >
            <SessionTitle project={project} session={session} />
          </Link>
          <span className="hidden shrink-0 gap-1 @lg:flex">
            <RunMarks session={session} />
          </span>
        </span>
        <span className="block truncate text-dim text-xs">
          <span aria-hidden="true" className="@lg:hidden">
            {statusWord(session.status)} ·{' '}
          </span>
          <PendingMark count={session.pendingApprovals} />
          <CheckMark check={session.check} />
          {describeRow(session)}
        </span>
      </td>
      <td className="hidden @2xl:table-cell">
        <SeverityBadge severity={session.severity} />
      </td>
      <td className="hidden @3xl:table-cell">
        <ScoreBadge score={session.score} />
      </td>
      <td className="hidden @4xl:table-cell">
        {session.review.rating ? (
          <RatingBadge rating={session.review.rating} />
        ) : session.review.status ? (
          <ReviewBadge status={session.review.status} />
        ) : null}
      </td>
      <td className="text-dim">
        <TimeAgo at={session.createdAt} />
      </td>
      <td className="hidden text-dim @3xl:table-cell">
        <Duration from={session.startedAt} to={session.completedAt ?? (ended ? session.startedAt : null)} />
      </td>
      <td className="tabular hidden text-right text-dim @5xl:table-cell">{session.counts.toolCalls}</td>
      <td className="tabular hidden text-right text-dim @5xl:table-cell">
        {formatCount(session.usage.inputTokens + session.usage.outputTokens)}
      </td>
      {session.usage.costUsd === undefined ? null : (
        <td className="tabular hidden text-right text-dim @4xl:table-cell">
          <ShortSpend usage={session.usage} />
        </td>
      )}
      <td className="pr-2 text-right">
        <Button
          variant="ghost"
          size="iconSm"
          aria-label={`Peek at ${session.title}`}
          aria-pressed={peeked}
          title="Peek (p)"
          onClick={onPeek}
        >
          <PanelRight />
        </Button>
      </td>
    </tr>
  );
}

/** The line below the title: where it belongs, how often it came, what is going on or went wrong. */
function describeRow(session: SessionListItem): string {
  const place =
    session.alertType === session.chain ? session.alertType : `${session.alertType} · chain ${session.chain}`;
  const seen = session.alertCount > 1 ? ` · seen ${session.alertCount}×` : '';
  const now = session.progress ?? (session.error ? plainError(session.error) : '');
  return [`${place}${seen}`, describeStages(session), now].filter(Boolean).join(' · ');
}
