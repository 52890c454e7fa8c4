'use client';

import { formatQuantity } from '#src/lib/format-number.ts';
import type { RankBy, UsageReport } from '../schema.ts';
import { BreakdownCard } from './breakdown-card.tsx';
import { DayCard } from './day-card.tsx';
import { nameKind } from './name-kind.ts';
import { TopSessionsCard } from './top-sessions-card.tsx';
import { UsageFigures } from './usage-figures.tsx';

type UsageReportProps = {
  project: string;
  report: UsageReport;
  by: RankBy;
  view: 'chart' | 'table';
  onView: (view: 'chart' | 'table') => void;
};

export function UsageReportView({ project, report, by, view, onView }: UsageReportProps) {
  const list = (filter: Record<string, string>) => `/p/${project}/sessions?${new URLSearchParams(filter)}`;
  const sessions = (count: number) =>
    `${count.toLocaleString('en-GB')} ${count === 1 ? 'session' : 'sessions'}`;
  return (
    <div className="mx-auto grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-4 lg:grid-cols-[repeat(2,minmax(0,1fr))]">
      <div className="lg:col-span-2">
        <UsageFigures totals={report.totals} />
      </div>
      <DayCard days={report.byDay} by={by} view={view} onView={onView} />
      <BreakdownCard
        title="By model"
        by={by}
        rows={report.byModel.map((row) => ({ ...row, name: row.model, detail: row.provider }))}
      />
      <BreakdownCard
        title="By kind of call"
        by={by}
        rows={report.byKind.map((row) => ({
          ...row,
          name: nameKind(row.kind),
          detail: formatQuantity(row.calls, 'call'),
        }))}
      />
      <BreakdownCard
        title="By chain"
        by={by}
        rows={report.byChain.map((row) => ({
          ...row,
          name: row.chain,
          detail: sessions(row.sessions),
          href: list({ chain: row.chain }),
        }))}
      />
      <BreakdownCard
        title="By alert type"
        by={by}
        rows={report.byAlertType.map((row) => ({
          ...row,
          name: row.alertType,
          detail: sessions(row.sessions),
          href: list({ alertType: row.alertType }),
        }))}
      />
      <TopSessionsCard project={project} sessions={report.topSessions} by={by} />
    </div>
  );
}
