import type { Kernel } from '#src/server/kernel.ts';
import { type RankBy, type UsageReport, type UsageSum, usageReportSchema } from '../schema.ts';
import { fillDays, resolveRange } from './usage-range.ts';
import { sumCalls, sumSessions } from './usage-sql.ts';

/** A report lists at most so many models, chains and alert types; the totals hold all of them. */
const GROUPS_LIMIT = 200;

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
  const { calls, sessions } = await kernel.database.transaction(
    async (sql) => ({ calls: await sumCalls(sql, filter), sessions: await sumSessions(sql, filter) }),
    'repeatable read',
  );
  const rank = <T extends UsageSum>(rows: T[]): T[] =>
    rows.toSorted((a, b) => weightOf(b, options.rankBy) - weightOf(a, options.rankBy)).slice(0, GROUPS_LIMIT);
  const total = sessions.groups.find(({ alertType, chain }) => alertType === null && chain === null);
  // The schema drops the columns of the other groupings.
  return usageReportSchema.parse({
    ...range,
    totals: total ?? { ...NOTHING, sessions: 0 },
    byDay: fillDays(
      calls.flatMap((row) => (row.day === null ? [] : [{ ...row, day: row.day }])),
      range,
      (day) => ({ ...NOTHING, day, provider: null, model: null, kind: null }),
    ),
    byModel: rank(calls.filter((row) => row.model !== null)),
    byKind: rank(calls.filter((row) => row.kind !== null)),
    byChain: rank(sessions.groups.filter((row) => row.chain !== null)),
    byAlertType: rank(sessions.groups.filter((row) => row.alertType !== null)),
    topSessions: sessions.top,
  });
}

const NOTHING: UsageSum = {
  calls: 0,
  failedCalls: 0,
  unpricedCalls: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  costUsd: 0,
};

/** Costs of nothing still rank by tokens; a token is worth far less than any price. */
const weightOf = (sum: UsageSum, rankBy: RankBy): number => {
  const tokens = sum.inputTokens + sum.outputTokens;
  return rankBy === 'tokens' ? tokens : sum.costUsd + tokens * 1e-15;
};
