'use client';
import Link from 'next/link';
import { Card } from '#src/components/card.tsx';
import { useProject } from '#src/components/frame/project-context.tsx';
import { SessionTitle } from '#src/components/names/session-title.tsx';
import { StatusBadge, StatusIcon } from '#src/components/run-status.tsx';
import { ShortSpend } from '#src/components/spend.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import { cn } from '#src/components/ui/cn.ts';
import { formatCount } from '#src/lib/format-number.ts';
import type { RankBy, UsageReport } from '../schema.ts';

type Props = { project: string; sessions: UsageReport['topSessions']; by: RankBy };

export function TopSessionsCard({ project, sessions, by }: Props) {
  const { showsCosts } = useProject();
  return (
    <Card title={by === 'cost' ? 'Most expensive sessions' : 'Sessions with the most tokens'} wide>
      <table className="tabular w-full table-fixed text-left">
        <thead className="text-dim text-xs">
          <tr className="h-8 border-b">
            <th className="w-9 pl-4 font-medium md:w-34">
              <span className="sr-only md:not-sr-only">Status</span>
            </th>
            <th className="font-medium">Session</th>
            <th className="hidden w-26 font-medium sm:table-cell">Received</th>
            <th className="hidden w-16 text-right font-medium md:table-cell">Calls</th>
            <th className={cn('w-18 text-right font-medium', !showsCosts && 'w-22 pr-4')}>Tokens</th>
            {showsCosts ? <th className="w-24 pr-4 text-right font-medium">Cost</th> : null}
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr key={session.id} className="h-11 border-b last:border-b-0 hover:bg-raised">
              <td className="pl-4">
                <StatusBadge status={session.status} className="hidden md:inline-flex" />
                <StatusIcon status={session.status} className="md:hidden" />
              </td>
              <td className="min-w-0 pr-3">
                <Link
                  href={`/p/${project}/sessions/${session.id}`}
                  className="block truncate rounded font-medium hover:underline"
                >
                  <SessionTitle project={project} session={session} />
                </Link>
                <span className="block truncate text-dim text-xs">
                  {session.alertType} · chain {session.chain}
                </span>
              </td>
              <td className="hidden text-dim sm:table-cell">
                <TimeAgo at={session.createdAt} />
              </td>
              <td className="hidden text-right text-dim md:table-cell">{session.calls}</td>
              <td className={cn('text-right text-dim', !showsCosts && 'pr-4')}>
                {formatCount(session.inputTokens + session.outputTokens)}
              </td>
              {showsCosts ? (
                <td className="pr-4 text-right">
                  <ShortSpend usage={session} />
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
