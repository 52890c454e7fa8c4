'use client';
import { ArrowRight, X } from 'lucide-react';
import Link from 'next/link';
import { Markdown } from '#src/components/markdown.tsx';
import { Names } from '#src/components/names/names.tsx';
import { useReveal } from '#src/components/names/names-context.ts';
import { SessionNames } from '#src/components/names/session-names.tsx';
import { StatusBadge } from '#src/components/run-status.tsx';
import { Duration, TimeAgo } from '#src/components/time.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Dialog } from '#src/components/ui/dialog.tsx';
import { useMediaQuery } from '#src/components/use-media-query.ts';
import { RatingBadge, ReviewBadge } from '#src/features/reviews/components/index.ts';
import { ScoreBadge } from '#src/features/scores/components/index.ts';
import { formatCount, formatSpend } from '#src/lib/format-number.ts';
import { plainError } from '#src/lib/plain-error.ts';
import type { SessionListItem } from '../../schema.ts';
import { CancelSessionButton } from '../cancel-session-button.tsx';
import { describeReason } from '../describe-reason.ts';
import { Pairs } from '../inspector/labelled.tsx';
import { SeverityBadge } from '../severity-badge.tsx';
import { PendingMark } from './pending-mark.tsx';
import { RunMarks } from './run-marks.tsx';

const WIDE = '(min-width: 1100px)';

type PeekProps = { project: string; session: SessionListItem | null; onClose: () => void };

/** The gist of a session beside the list; a sheet where there is no room beside it. */
export function PeekPanel({ project, session, onClose }: PeekProps) {
  if (!session) return null;
  return (
    <SessionNames key={session.id} project={project} sessionId={session.id}>
      <Peek project={project} session={session} onClose={onClose} />
    </SessionNames>
  );
}

function Peek({ project, session, onClose }: PeekProps & { session: SessionListItem }) {
  const wide = useMediaQuery(WIDE);
  const reveal = useReveal();
  if (!wide) {
    return (
      <Dialog open onOpenChange={(open) => !open && onClose()} title={reveal(session.title)} side="bottom">
        <div className="overflow-y-auto p-4">
          <PeekBody project={project} session={session} />
        </div>
      </Dialog>
    );
  }
  return (
    <aside aria-label="Peek" className="flex w-[24rem] shrink-0 flex-col border-l bg-panel">
      <div className="flex items-center gap-2 border-b px-3 py-1.5">
        <h2 className="min-w-0 flex-1 truncate font-semibold">
          <Names>{session.title}</Names>
        </h2>
        <Button variant="ghost" size="iconSm" aria-label="Close the peek" onClick={onClose}>
          <X />
        </Button>
      </div>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto p-3">
        <PeekBody project={project} session={session} />
      </div>
    </aside>
  );
}

function PeekBody({ project, session }: { project: string; session: SessionListItem }) {
  const spend = formatSpend(session.usage);
  const problem = session.error ? plainError(session.error) : describeReason(session.statusReason);
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-1.5">
        <StatusBadge status={session.status} />
        <SeverityBadge severity={session.severity} />
        <PendingMark count={session.pendingApprovals} />
        <ScoreBadge score={session.score} />
        {session.review.status ? <ReviewBadge status={session.review.status} /> : null}
        <RatingBadge rating={session.review.rating} />
        <RunMarks session={session} inWords />
      </div>
      {session.executiveSummary ? (
        <Markdown text={session.executiveSummary} className="text-base" />
      ) : (
        <p className="text-dim">{session.progress ?? 'No summary. The session page has the whole run.'}</p>
      )}
      {problem ? (
        <p className="rounded-md bg-bad-soft p-2 text-bad [overflow-wrap:anywhere]">
          <Names>{problem}</Names>
        </p>
      ) : null}
      <Pairs
        pairs={[
          ['Received', <TimeAgo key="received" at={session.createdAt} />],
          ['Took', <Duration key="took" from={session.startedAt} to={session.completedAt} />],
          ['Alert', `${session.alertStatus}, seen ${session.alertCount}×`],
          ['Type', session.alertType],
          ['Chain', session.chain],
          ['Author', session.author],
          ['Stages', `${session.stages.done} of ${session.stages.total}`],
          ['Tool calls', session.counts.toolCalls],
          ['Tokens', formatCount(session.usage.inputTokens + session.usage.outputTokens)],
          ...(spend === null ? [] : [['Cost', spend] as const]),
        ]}
      />
      <div className="flex items-center gap-2">
        <Button asChild variant="primary" className="flex-1">
          <Link href={`/p/${project}/sessions/${session.id}`}>
            Open <ArrowRight />
          </Link>
        </Button>
        <CancelSessionButton project={project} session={session} />
      </div>
    </div>
  );
}
