import Link from 'next/link';
import { SessionTitle } from '#src/components/names/session-title.tsx';
import { StatusIcon } from '#src/components/run-status.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import { cn } from '#src/components/ui/cn.ts';
import { ScoreBadge } from '#src/features/scores/components/index.ts';
import { SeverityBadge } from '#src/features/sessions/components/index.ts';
import type { SessionListItem } from '#src/features/sessions/schema.ts';
import { withoutMarkup, withoutReferences } from '#src/lib/plain-answer.ts';
import { plainError } from '#src/lib/plain-error.ts';
import { RatingBadge } from '../review-badge.tsx';

type TriageRowProps = {
  project: string;
  session: SessionListItem;
  selected: boolean;
  /** Null for those who may only look. */
  onSelect: (() => void) | null;
};

export function TriageRow({ project, session, selected, onSelect }: TriageRowProps) {
  return (
    <li
      data-triage-row
      className={cn(
        'flex min-h-11 items-center gap-2.5 border-b px-3 py-1.5 last:border-b-0 hover:bg-raised md:px-4',
        selected && 'bg-accent-soft/60 hover:bg-accent-soft/60',
      )}
    >
      {onSelect ? (
        <input
          type="checkbox"
          checked={selected}
          onChange={onSelect}
          aria-label={`Select ${session.title}`}
          className="size-4 shrink-0 accent-(--accent)"
        />
      ) : null}
      <StatusIcon status={session.status} />
      <div className="min-w-0 flex-1">
        <Link
          href={`/p/${project}/sessions/${session.id}`}
          data-triage={session.id}
          className="block truncate rounded font-medium hover:underline"
        >
          <SessionTitle project={project} session={session} />
        </Link>
        <span className="block truncate text-dim text-xs">
          {/* Where its badge has no room. */}
          {session.severity ? <span className="sm:hidden">{session.severity} · </span> : null}
          {describeRow(session)}
        </span>
      </div>
      <span className="hidden sm:contents">
        <SeverityBadge severity={session.severity} />
      </span>
      <ScoreBadge score={session.score} short />
      <RatingBadge rating={session.review.rating} />
      {session.review.assignee ? (
        <span
          className="hidden max-w-32 truncate text-dim md:inline"
          title={`Assigned to ${session.review.assignee}`}
        >
          <span className="sr-only">Assigned to </span>
          {session.review.assignee}
        </span>
      ) : null}
      <TimeAgo at={session.createdAt} className="hidden w-22 text-right text-dim sm:inline" />
    </li>
  );
}

function describeRow(session: SessionListItem): string {
  const seen = session.alertCount > 1 ? ` · seen ${session.alertCount}×` : '';
  const summary = session.executiveSummary && withoutMarkup(withoutReferences(session.executiveSummary));
  const outcome = session.progress ?? summary ?? plainError(session.error ?? '');
  return `${session.alertType}${seen}${outcome ? ` · ${outcome}` : ''}`;
}
