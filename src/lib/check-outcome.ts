import { withoutReferences } from './plain-answer.ts';

/**
 * What a check came to, as the last section of its answer: agents are asked for it, the offline analyst writes it, and it is
 * read back from the text, so that whoever reads the answer sees what TARS acts on.
 */

export const checkOutcomes = ['healthy', 'findings', 'unknown'] as const;
export type CheckOutcome = (typeof checkOutcomes)[number];

/** `key` is the same for the same problem from run to run; `text` says it to people. */
export type CheckFinding = { key: string; text: string };

export type CheckResult = { outcome: CheckOutcome; summary: string; findings: CheckFinding[] };

export const OUTCOME_HEADING = 'Check outcome';

const MAX_FINDINGS = 100;
const MAX_KEY_CHARS = 200;
const MAX_TEXT_CHARS = 500;

export const formatOutcome = ({ outcome, summary, findings }: CheckResult): string =>
  [
    `## ${OUTCOME_HEADING}`,
    `${outcome}: ${summary}`,
    ...findings.map(({ key, text }) => `- \`${key}\`: ${text}`),
  ].join('\n');

/**
 * Reads the last such section. Null when there is none or when it contradicts itself without a safe reading: problems that
 * are listed count, whatever the word before them says; the word "findings" without any says nothing.
 */
export function readOutcome(answer: string): CheckResult | null {
  const lines = answer.split('\n');
  const start = lines.findLastIndex((line) => HEADING.test(line.trim()));
  if (start === -1) return null;
  const section = untilHeading(lines.slice(start + 1));
  const verdict = section.map((line) => VERDICT.exec(line.trim())).find((match) => match !== null);
  const said = checkOutcomes.find((word) => word === verdict?.[1]?.toLowerCase());
  if (!said) return null;
  const findings = distinct(section.flatMap(readFinding)).slice(0, MAX_FINDINGS);
  const outcome = findings.length > 0 && said === 'healthy' ? 'findings' : said;
  if (outcome === 'findings' && findings.length === 0) return null;
  const summary = plain(verdict?.[2] ?? '') || plain(findings.map(({ text }) => text).join(' '));
  return { outcome, summary, findings };
}

const HEADING = new RegExp(`^(#{1,6}\\s*|\\*\\*)?${OUTCOME_HEADING}(\\*\\*)?:?(\\*\\*)?$`, 'i');
const VERDICT = /^[*_`\s]*(healthy|findings|unknown)\b[*_`]*\s*[:.,–—-]?[*_`]*\s*(.*)$/i;
const FINDING = /^[-*+]\s+\**`([^`]+)`\**\s*[:–—-]?\s*(.*)$/;

function untilHeading(lines: string[]): string[] {
  const end = lines.findIndex((line) => /^#{1,6}\s/.test(line));
  return end === -1 ? lines : lines.slice(0, end);
}

function readFinding(line: string): CheckFinding[] {
  const [, rawKey = '', rawText = ''] = FINDING.exec(line.trim()) ?? [];
  const key = rawKey.trim().replaceAll(/\s+/g, ' ').toLowerCase().slice(0, MAX_KEY_CHARS);
  return key === '' ? [] : [{ key, text: plain(rawText) || key }];
}

/** One line without references to tool results, which lead nowhere outside of the answer. */
const plain = (text: string): string =>
  withoutReferences(text).replaceAll(/\s+/g, ' ').trim().slice(0, MAX_TEXT_CHARS);

const distinct = (findings: CheckFinding[]): CheckFinding[] => [
  ...new Map(findings.map((finding) => [finding.key, finding])).values(),
];
