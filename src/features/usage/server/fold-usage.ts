import type { RankBy, UsageReport } from '../schema.ts';
import { fillDays, type UsageRange } from './usage-range.ts';
import type { KeptSum, SessionGroup, UsageCell } from './usage-sql.ts';

/** A report lists at most so many models, chains and alert types; the totals hold all of them. */
const GROUPS_LIMIT = 200;

/** Every cut of the report but the sessions, from the cells of two groupings; the largest first. */
export function foldUsage(options: {
  cells: readonly UsageCell[];
  sessions: readonly SessionGroup[];
  range: UsageRange;
  rankBy: RankBy;
}): Omit<UsageReport, 'topSessions'> {
  const { cells, sessions, range, rankBy } = options;
  const byCall = cells.filter((cell) => cell.kind !== null);
  const byAlert = cells.filter((cell) => cell.kind === null);
  const countOf = (key: 'chain' | 'alertType', name: string) =>
    sessions.reduce((sum, group) => sum + (group[key] === name ? group.sessions : 0), 0);
  const rank = <T extends KeptSum>(rows: T[]): T[] =>
    rows.toSorted((a, b) => weightOf(b, rankBy) - weightOf(a, rankBy)).slice(0, GROUPS_LIMIT);
  return {
    ...range,
    totals: {
      sessions: sessions.reduce((sum, group) => sum + group.sessions, 0),
      ...byCall.reduce(add, NOTHING),
    },
    byDay: fillDays(
      sumBy(byCall, ({ day }) => ({ day: day ?? '' })),
      range,
      (day) => ({ day, ...NOTHING }),
    ),
    byModel: rank(sumBy(byCall, ({ provider, model }) => ({ provider: provider ?? '', model: model ?? '' }))),
    byKind: rank(sumBy(byCall, ({ kind }) => ({ kind: kind ?? '' }))),
    byChain: rank(sumBy(byAlert, ({ chain }) => ({ chain: chain ?? '' }))).map((row) => ({
      ...row,
      sessions: countOf('chain', row.chain),
    })),
    byAlertType: rank(sumBy(byAlert, ({ alertType }) => ({ alertType: alertType ?? '' }))).map((row) => ({
      ...row,
      sessions: countOf('alertType', row.alertType),
    })),
  };
}

const NOTHING: KeptSum = {
  calls: 0,
  failedCalls: 0,
  unpricedCalls: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  costUsd: 0,
};

function add(a: KeptSum, b: KeptSum): KeptSum {
  return {
    calls: a.calls + b.calls,
    failedCalls: a.failedCalls + b.failedCalls,
    unpricedCalls: a.unpricedCalls + b.unpricedCalls,
    inputTokens: a.inputTokens + b.inputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
    costUsd: a.costUsd + b.costUsd,
  };
}

/** One sum per distinct key. */
function sumBy<Key extends Record<string, string>>(
  cells: readonly UsageCell[],
  keyOf: (cell: UsageCell) => Key,
): (Key & KeptSum)[] {
  const sums = new Map<string, Key & KeptSum>();
  for (const cell of cells) {
    const key = keyOf(cell);
    const name = JSON.stringify(key);
    sums.set(name, { ...key, ...add(sums.get(name) ?? NOTHING, cell) });
  }
  return [...sums.values()];
}

/** What costs nothing still ranks by its tokens: a token is worth far less than any price. */
const TOKEN_TIE_BREAK_USD = 1e-15;

function weightOf(sum: KeptSum, rankBy: RankBy): number {
  const tokens = sum.inputTokens + sum.outputTokens;
  return rankBy === 'tokens' ? tokens : sum.costUsd + tokens * TOKEN_TIE_BREAK_USD;
}
