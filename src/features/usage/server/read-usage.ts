import { withoutCosts } from '#src/lib/without-costs.ts';
import { AppError } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { type RankBy, type UsageReport, usageReportSchema } from '../schema.ts';
import { foldUsage } from './fold-usage.ts';
import { resolveRange } from './usage-range.ts';
import { rankSessions, sumCells, sumSessions } from './usage-sql.ts';

export type UsageOptions = {
  projectId: string;
  from?: string | undefined;
  to?: string | undefined;
  alertType?: string | undefined;
  chain?: string | undefined;
  /** What every list but the days is ordered by; by default the cost, or the tokens where costs are not shown. */
  rankBy?: RankBy | undefined;
  top: number;
  /** Today, for a range without an end. */
  now?: Date;
};

/**
 * What the model calls of a project used in a range of days. Throws `bad_request` for an impossible range, and for a ranking
 * by costs that are not shown.
 */
export async function readUsage(kernel: Kernel, options: UsageOptions): Promise<UsageReport> {
  const range = resolveRange(options, options.now ?? new Date());
  const showsCosts = kernel.config.current().costs.enabled;
  if (!showsCosts && options.rankBy === 'cost')
    throw new AppError('bad_request', 'Costs are not shown here (costs.enabled is false): rank by tokens.');
  const rankBy = options.rankBy ?? (showsCosts ? 'cost' : 'tokens');
  const filter = { ...options, ...range, rankBy };
  // Of one moment, so that the parts add up.
  const { cells, sessions, top } = await kernel.database.transaction(async (sql) => {
    const cells = await sumCells(sql, filter);
    const sessions = await rankSessions(sql, filter);
    return { cells, sessions, top: await sumSessions(sql, filter, sessions.top) };
  }, 'repeatable read');
  const report = usageReportSchema.parse({
    ...foldUsage({ cells, sessions: sessions.groups, range, rankBy }),
    topSessions: top.map((session) => ({ ...session, createdAt: session.createdAt.toISOString() })),
  });
  return showsCosts ? report : hideCosts(report);
}

const hideCosts = (report: UsageReport): UsageReport => ({
  ...report,
  totals: withoutCosts(report.totals),
  byDay: report.byDay.map(withoutCosts),
  byModel: report.byModel.map(withoutCosts),
  byChain: report.byChain.map(withoutCosts),
  byAlertType: report.byAlertType.map(withoutCosts),
  byKind: report.byKind.map(withoutCosts),
  topSessions: report.topSessions.map(withoutCosts),
});
