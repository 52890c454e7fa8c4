import { type CheckResult, formatOutcome, readOutcome } from '#src/lib/check-outcome.ts';

const AGENT = /<<<BEGIN DATA: agent [^\n]*>>>\n([\s\S]*?)\n<<<END DATA: agent [^\n]*>>>/g;

/** The outcome of several agents that did the same check; null when none states one. What one saw counts, whoever did not. */
export function mergeOutcomes(record: string): string | null {
  const results = [...record.matchAll(AGENT)].flatMap(([, text = '']) => readOutcome(text) ?? []);
  const best =
    results.find(({ outcome }) => outcome === 'findings') ??
    results.find(({ outcome }) => outcome === 'healthy');
  const [first] = results;
  if (!first) return null;
  if (best?.outcome !== 'findings') return formatOutcome(best ?? first);
  const findings = [
    ...new Map(results.flatMap((result) => result.findings).map((item) => [item.key, item])).values(),
  ];
  const merged: CheckResult = {
    outcome: 'findings',
    summary: findings.length === best.findings.length ? best.summary : `${findings.length} problems.`,
    findings,
  };
  return formatOutcome(merged);
}
