import type { UsageReport, UsageSum } from '#src/features/usage/schema.ts';
import { formatCount, formatQuantity, formatSpend } from '#src/lib/format-number.ts';
import { formatTable } from './output.ts';

/** Rows of each table; the JSON holds all. */
const ROWS = 10;

/** A report in a terminal: the sum, then what it is made of. */
export function describeUsage(report: UsageReport): string[] {
  const { totals } = report;
  if (totals.calls === 0) return [`No model calls from ${report.from} to ${report.to}.`];
  const spend = formatSpend(totals);
  return [
    `${report.from} to ${report.to}: ${spend === null ? '' : `${spend}, `}${tokensOf(totals)} tokens, ${formatQuantity(totals.calls, 'model call')}, ${formatQuantity(totals.sessions, 'session')}`,
    ...section('By model', report.byModel, (row) => `${row.provider} ${row.model}`),
    ...section('By chain', report.byChain, (row) => row.chain),
    ...section('By alert type', report.byAlertType, (row) => row.alertType),
    ...section('By kind of call', report.byKind, (row) => row.kind),
    ...section('Sessions', report.topSessions, (row) => `${row.id} ${row.title}`),
  ];
}

function section<T extends UsageSum>(title: string, rows: readonly T[], name: (row: T) => string): string[] {
  if (rows.length === 0) return [];
  const table = rows.slice(0, ROWS).map((row) => {
    const spend = formatSpend(row);
    const [first = '', ...others] = [...(spend === null ? [] : [spend]), tokensOf(row), name(row)];
    return [`  ${first}`, ...others];
  });
  return ['', title, ...formatTable(table)];
}

const tokensOf = (sum: UsageSum): string => formatCount(sum.inputTokens + sum.outputTokens);
