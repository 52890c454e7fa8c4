import { type CheckResult, formatOutcome } from '#src/lib/check-outcome.ts';
import type { Facts } from '../facts.ts';
import { distinctEvidence, type Finding } from '../patterns/finding.ts';
import type { Exchange } from '../read-conversation.ts';
import { MAX_EXPLAINED_PROBLEMS } from '../tunables.ts';
import {
  bullets,
  evidenceLine,
  lookedAt,
  numbered,
  remediationLine,
  SIGNATURE,
  section,
} from '../write-parts.ts';
import { keyOf, type Problem } from './find-problems.ts';
import { type CheckScope, inScope } from './scope.ts';

interface CheckReport {
  problems: Problem[];
  scope: CheckScope;
  facts: Facts;
  exchanges: readonly Exchange[];
  /** A sentence on why no more was looked at, or empty. */
  limits: string;
}

/** The answer of a check as markdown, with its outcome in the form that is read back. */
export function writeCheck(report: CheckReport): string {
  const result = judge(report);
  const shown = report.problems.slice(0, MAX_EXPLAINED_PROBLEMS);
  const prevention = [...new Set(shown.flatMap(({ root }) => root.prevention.slice(0, 1)))];
  const read = report.exchanges.filter(({ output, failed }) => output !== null && !failed);
  return [
    result.summary,
    section('Root cause', shown.length === 0 ? reasonOf(result) : shown.map(explain).join('\n\n')),
    section(
      'Evidence',
      bullets(
        result.outcome === 'findings'
          ? distinctEvidence(shown.flatMap(({ root }) => root.evidence.slice(0, 3))).map(evidenceLine)
          : wellBeing(report),
      ) || 'None.',
    ),
    section('What to do now', numbered(remediesOf(shown, result))),
    ...(prevention.length > 0 ? [section('Prevention', bullets(prevention))] : []),
    section('Ruled out / looked at', bullets(lookedAt(report.exchanges)) || 'Nothing.'),
    section('Confidence', confidenceOf(report, result, read.length)),
    formatOutcome(result),
    SIGNATURE,
  ].join('\n\n');
}

/** Healthy only if the pods were seen; problems count in any case. */
function judge({ problems, scope, facts }: CheckReport): CheckResult {
  const where = nameOf(scope);
  const findings = problems.map(({ root }) => ({ key: keyOf(root), text: oneLine(root.cause) }));
  if (findings.length > 0) {
    const count = `${findings.length} ${findings.length === 1 ? 'problem' : 'problems'}`;
    const [first] = findings;
    return {
      outcome: 'findings',
      summary: findings.length === 1 ? `1 problem in ${where}: ${first?.text}` : `${count} in ${where}.`,
      findings,
    };
  }
  const pods = facts.pods.filter((pod) => inScope(scope, pod.namespace));
  const wereListed = facts.listed.some(
    (item) =>
      item.kind === 'Pod' && !item.filtered && (item.namespace === '' || inScope(scope, item.namespace)),
  );
  if (!wereListed || pods.length === 0)
    return { outcome: 'unknown', summary: `No pods could be seen in ${where}.`, findings: [] };
  const counts = [`${pods.length} pods`, `${facts.nodes.length} nodes`].join(', ');
  return { outcome: 'healthy', summary: `Nothing is wrong in ${where}: ${counts} looked at.`, findings: [] };
}

const reasonOf = ({ outcome }: CheckResult): string =>
  outcome === 'healthy'
    ? 'None: nothing that was looked at fails now.'
    : 'Not known: without the pods nothing can be said.';

function explain({ root, symptoms }: Problem, index: number): string {
  const also = symptoms.filter(({ confidence }) => confidence !== 'low').slice(0, 2);
  return [
    `**${index + 1}.** ${root.cause}`,
    root.explanation.trim(),
    ...also.map(({ cause }) => `It goes with this: ${cause}`),
  ].join('\n\n');
}

function remediesOf(problems: Problem[], result: CheckResult): string[] {
  if (result.outcome === 'healthy') return ['Nothing.'];
  const remedies = problems.flatMap(({ root }) => root.remediation.slice(0, 2).map(remediationLine));
  return remedies.length > 0
    ? remedies
    : ['See whether the tools of this check reach the cluster, and whether the namespace exists.'];
}

function confidenceOf({ problems, facts, limits }: CheckReport, result: CheckResult, reads: number): string {
  const failed = facts.failures
    .filter(({ reason }) => reason !== 'not_found')
    .map(({ tool }) => `\`${tool}\``);
  const blind =
    failed.length > 0 ? ` Not everything could be read (${[...new Set(failed)].join(', ')}).` : '';
  const more = limits === '' ? '' : ` ${limits}`;
  if (result.outcome === 'unknown') return `**low**: too little could be seen.${blind}${more}`;
  if (result.outcome === 'healthy') {
    const sure = blind === '' && more === '' ? 'high' : 'medium';
    return `**${sure}**: ${reads} look-ups show nothing that fails; what the tools cannot see, such as the contents of answers, was not looked at.${blind}${more}`;
  }
  return `**${weakest(problems)}**: ${problems[0]?.root.because}.${blind}${more}`;
}

const weakest = (problems: Problem[]): Finding['confidence'] =>
  (['low', 'medium'] as const).find((level) => problems.some(({ root }) => root.confidence === level)) ??
  'high';

/** What was seen to be well, with its source. */
function wellBeing({ facts, scope }: CheckReport): string[] {
  return facts.listed
    .map(({ kind, namespace, count, ref }) => {
      const where = namespace === '' ? '' : ` in ${namespace}`;
      return `${kind}${where}: \`${count} listed\` [tool: ${ref}]`;
    })
    .concat(
      facts.nodes.slice(0, 6).map((node) => `Node ${node.name}: \`${node.status}\` [tool: ${node.ref}]`),
    )
    .concat(
      facts.pods
        .filter((pod) => inScope(scope, pod.namespace))
        .slice(0, 6)
        .map(
          (pod) =>
            `Pod ${pod.namespace}/${pod.name}: \`${pod.status}, ${pod.readyCount}/${pod.containerCount} ready\` [tool: ${pod.listRef || pod.ref}]`,
        ),
    );
}

function nameOf({ namespaces }: CheckScope): string {
  if (namespaces.length === 0) return 'the cluster';
  return `${namespaces.length === 1 ? 'namespace' : 'namespaces'} ${namespaces.join(', ')}`;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
