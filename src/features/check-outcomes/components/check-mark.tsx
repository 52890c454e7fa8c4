import { CalendarClock } from 'lucide-react';
import Link from 'next/link';
import { TimeAgo } from '#src/components/time.tsx';
import type { SessionCheck } from '../schema.ts';
import { OutcomeBadge } from './outcome-badge.tsx';

/** That a session ran for a check, in the line that describes it. */
export function CheckMark({ check }: { check: SessionCheck | null }) {
  if (!check) return null;
  return (
    <span className="mr-1.5 inline-flex items-center gap-1 align-bottom">
      <CalendarClock aria-hidden="true" className="size-3" />
      <span className="sr-only">Check</span>
      <span className="hidden @lg:inline">{check.name}</span>
      {check.outcome ? <OutcomeBadge outcome={check.outcome} findings={check.findings} /> : null}
    </span>
  );
}

/** The same in the head of the session's page: back to the check, and whether what it found is news. */
export function CheckLink({ project, check }: { project: string; check: SessionCheck | null }) {
  if (!check) return null;
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      <Link
        href={`/p/${project}/checks#${encodeURIComponent(check.name)}`}
        className="inline-flex items-center gap-1 underline hover:text-text"
      >
        <CalendarClock aria-hidden="true" className="size-3" /> check {check.name}
      </Link>
      {check.outcome ? <OutcomeBadge outcome={check.outcome} findings={check.findings} /> : null}
      {check.unchanged && check.since ? (
        <span>
          unchanged since <TimeAgo at={check.since} />
        </span>
      ) : null}
    </span>
  );
}
