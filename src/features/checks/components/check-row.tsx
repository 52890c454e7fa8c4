import { Pause, Play, PlayCircle } from 'lucide-react';
import Link from 'next/link';
import { Names } from '#src/components/names/names.tsx';
import { useReveal } from '#src/components/names/names-context.ts';
import { SessionNames } from '#src/components/names/session-names.tsx';
import { StatusBadge } from '#src/components/run-status.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import { Badge } from '#src/components/ui/badge.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { cn } from '#src/components/ui/cn.ts';
import { OutcomeBadge } from '#src/features/check-outcomes/components/index.ts';
import type { CheckView } from '../schema.ts';
import { HistoryStrip } from './history-strip.tsx';
import { NextRun } from './next-run.tsx';
import type { CheckCommands } from './use-check-commands.ts';

type CheckRowProps = { project: string; check: CheckView; commands: CheckCommands | null };

/** One check: what it is, when it runs, what it came to, and what to do with it. */
export function CheckRow({ project, check, commands }: CheckRowProps) {
  return (
    <li
      id={check.name}
      className="grid gap-x-6 gap-y-2 border-b px-3 py-3 target:bg-accent-soft/60 md:px-4 lg:grid-cols-[minmax(0,1fr)_13rem_minmax(0,1.4fr)_12rem]"
    >
      <div className="min-w-0">
        <h2 className="truncate font-medium">{check.name}</h2>
        <p className="line-clamp-2 text-dim text-xs" title={check.question}>
          {check.question}
        </p>
      </div>
      <div className="text-xs">
        <p title={`${check.schedule} (${check.timezone})`}>
          {check.scheduleText} <span className="text-dim">{check.timezone}</span>
        </p>
        <p className="mt-0.5 text-dim">
          <When check={check} />
        </p>
      </div>
      <div className="grid min-w-0 content-start gap-1.5">
        <Last project={project} check={check} />
        <HistoryStrip project={project} name={check.name} runs={check.history} />
      </div>
      {commands ? <Actions check={check} commands={commands} /> : null}
    </li>
  );
}

function When({ check }: { check: CheckView }) {
  if (!check.enabled) return <Badge>Turned off</Badge>;
  if (check.paused)
    return (
      <span className="inline-flex flex-wrap items-center gap-1">
        <Badge tone="warn">
          <Pause aria-hidden="true" /> Paused
        </Badge>
        by {check.paused.by}, <TimeAgo at={check.paused.at} />
      </span>
    );
  return check.nextRunAt ? <NextRun at={check.nextRunAt} /> : 'never due';
}

function Last({ project, check: { last, openSessionId } }: { project: string; check: CheckView }) {
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
      {openSessionId ? (
        <Link href={`/p/${project}/sessions/${openSessionId}`} className="hover:underline">
          <StatusBadge status="running" />
        </Link>
      ) : null}
      {last?.outcome ? <OutcomeBadge outcome={last.outcome} findings={last.findings.length} /> : null}
      {last ? <Summary project={project} run={last} /> : <span className="text-dim">No outcome yet</span>}
    </div>
  );
}

/** Two lines on a phone, where one holds four words. */
const SUMMARY = 'line-clamp-2 min-w-0 flex-1 basis-40 [overflow-wrap:anywhere] lg:line-clamp-1';

function Summary({ project, run }: { project: string; run: NonNullable<CheckView['last']> }) {
  const { summary, sessionId, endedAt, since, unchanged } = run;
  return (
    <>
      {sessionId ? (
        <SessionNames project={project} sessionId={sessionId}>
          <SummaryLink href={`/p/${project}/sessions/${sessionId}`} summary={summary ?? 'No summary'} />
        </SessionNames>
      ) : (
        <span className={SUMMARY}>{summary}</span>
      )}
      <span className="text-dim text-xs">
        {unchanged && since ? (
          <>
            unchanged since <TimeAgo at={since} />
          </>
        ) : endedAt ? (
          <TimeAgo at={endedAt} />
        ) : null}
      </span>
    </>
  );
}

function SummaryLink({ href, summary }: { href: string; summary: string }) {
  const reveal = useReveal();
  return (
    <Link href={href} title={reveal(summary)} className={cn(SUMMARY, 'hover:underline')}>
      <Names>{summary}</Names>
    </Link>
  );
}

function Actions({ check, commands }: { check: CheckView; commands: CheckCommands }) {
  const { name, enabled, paused, openSessionId } = check;
  return (
    <div className="flex items-start gap-1.5 lg:justify-end">
      <Button
        size="sm"
        disabled={!enabled || openSessionId !== null || commands.isBusy}
        title={openSessionId ? 'A run of it has not ended yet' : undefined}
        aria-label={`Run now: ${name}`}
        onClick={() => commands.run(name)}
      >
        <PlayCircle /> Run now
      </Button>
      <Button
        size="sm"
        variant="ghost"
        disabled={!enabled || commands.isBusy}
        aria-label={paused ? `Resume ${name}` : `Pause ${name}`}
        onClick={() => (paused ? commands.resume(name) : commands.pause(name))}
      >
        {paused ? (
          <>
            <Play /> Resume
          </>
        ) : (
          <>
            <Pause /> Pause
          </>
        )}
      </Button>
    </div>
  );
}
