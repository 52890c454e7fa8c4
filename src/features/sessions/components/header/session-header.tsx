'use client';
import Link from 'next/link';
import { Names } from '#src/components/names/names.tsx';
import { useReveal } from '#src/components/names/names-context.ts';
import { StatusBadge } from '#src/components/run-status.tsx';
import { Clock, TimeAgo } from '#src/components/time.tsx';
import { CheckLink } from '#src/features/check-outcomes/components/index.ts';
import { ScoreBadge } from '#src/features/scores/components/index.ts';
import { formatCount, formatQuantity, formatSpend } from '#src/lib/format-number.ts';
import type { Connection } from '../../hooks/session-feed.ts';
import { isTerminal, type SessionView } from '../../schema.ts';
import { NamesSwitch } from '../names/names-switch.tsx';
import { SeverityBadge } from '../severity-badge.tsx';
import { BudgetMeters } from './budget-meters.tsx';
import { ConnectionChip } from './connection-chip.tsx';
import { describeProgress } from './describe-progress.ts';
import { MergedAlerts } from './merged-alerts.tsx';
import { ProviderHint } from './provider-hint.tsx';
import { SessionActions } from './session-actions.tsx';

type HeaderProps = { project: string; session: SessionView; connection: Connection };

/** State, clock and name in the first line, the figures in the second. Widths of what changes are fixed. */
export function SessionHeader({ project, session, connection }: HeaderProps) {
  const reveal = useReveal();
  const tokens = session.usage.inputTokens + session.usage.outputTokens;
  const spend = formatSpend(session.usage);
  return (
    <header className="shrink-0 border-b bg-panel px-3 py-2 md:px-4">
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <nav aria-label="Breadcrumb" className="hidden text-dim lg:block">
          <Link href={`/p/${project}/sessions`} className="hover:text-text hover:underline">
            Sessions
          </Link>
          <span aria-hidden="true"> /</span>
        </nav>
        <StatusBadge status={session.status} className="min-w-[5.6rem]" />
        <Clock
          from={session.startedAt ?? (isTerminal(session.status) ? null : session.createdAt)}
          to={session.completedAt}
          className="font-medium"
        />
        <h1
          className="order-last line-clamp-2 w-full min-w-0 font-semibold text-base [overflow-wrap:anywhere] sm:order-none sm:line-clamp-1 sm:w-auto sm:flex-1"
          title={reveal(session.title)}
        >
          <Names>{session.title}</Names>
        </h1>
        <SeverityBadge severity={session.severity} />
        <ScoreBadge score={session.score} />
        <span className="flex-1 sm:hidden" />
        <ConnectionChip connection={connection} finished={isTerminal(session.status)} />
        <NamesSwitch />
        <SessionActions project={project} session={session} />
      </div>
      <div className="tabular mt-1 flex flex-wrap items-center gap-x-3 gap-y-0.5 text-dim text-xs">
        <CheckLink project={project} check={session.check} />
        <span>chain {session.chain}</span>
        <span>{describeProgress(session)}</span>
        <ProviderHint session={session} />
        {session.budgets.tokens === undefined ? <span>{formatCount(tokens)} tokens</span> : null}
        {spend !== null && (session.budgets.costUsd === undefined || session.usage.unpricedCalls) ? (
          <span>{spend}</span>
        ) : null}
        <BudgetMeters session={session} />
        <span>{formatQuantity(session.counts.toolCalls, 'tool call')}</span>
        <MergedAlerts project={project} session={session} />
        <span>
          received <TimeAgo at={session.createdAt} />
        </span>
        {session.rerunOfId ? (
          <Link href={`/p/${project}/sessions/${session.rerunOfId}`} className="underline hover:text-text">
            run again from an earlier session
          </Link>
        ) : null}
      </div>
    </header>
  );
}
