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
  /** What every list but the days is ordered by. */
  rankBy: RankBy;
  top: number;
  /** Today, for a range without an end. */
  now?: Date;
};

/** What the model calls of a project used in a range of days. Throws `bad_request` for an impossible range. */
export async function readUsage(kernel: Kernel, options: UsageOptions): Promise<UsageReport> {
  const range = resolveRange(options, options.now ?? new Date());
  const filter = { ...options, ...range };
  // Of one moment, so that the parts add up.
  const { cells, sessions, top } = await kernel.database.transaction(async (sql) => {
    const cells = await sumCells(sql, filter);
    const sessions = await rankSessions(sql, filter);
    return { cells, sessions, top: await sumSessions(sql, filter, sessions.top) };
  }, 'repeatable read');
  return usageReportSchema.parse({
    ...foldUsage({ cells, sessions: sessions.groups, range, rankBy: options.rankBy }),
    topSessions: top.map((session) => ({ ...session, createdAt: session.createdAt.toISOString() })),
  });
}
