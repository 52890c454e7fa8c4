import type { EventFact, Facts } from './facts.ts';
import { type Focus, isUnhealthy } from './focus.ts';
import { pastTrouble } from './past-trouble.ts';
import { distinctEvidence, type Finding } from './patterns/finding.ts';
import { eventEvidence } from './patterns/observe.ts';
import type { Diagnosis } from './rank-findings.ts';
import type { Area } from './read-areas.ts';
import type { Exchange } from './read-conversation.ts';
import {
  bullets,
  evidenceLine,
  lookedAt,
  numbered,
  remediationLine,
  SIGNATURE,
  section,
} from './write-parts.ts';

interface AnalysisInput {
  diagnosis: Diagnosis;
  focus: Focus;
  facts: Facts;
  exchanges: readonly Exchange[];
  /** A sentence on why no more was looked at, or empty. */
  limits: string;
  /** Areas that the task was limited to; empty for all. */
  areas: readonly Area[];
}

/** The final analysis as markdown. References to tool results have the form `[tool: <toolCallId>]`. */
export function writeAnalysis(input: AnalysisInput): string {
  const { primary } = input.diagnosis;
  return primary ? withCause(input, primary) : withoutCause(input);
}

function withCause(input: AnalysisInput, primary: Finding): string {
  const { related, unrelated } = input.diagnosis;
  const supporting = related.filter((finding) => tellsMore(finding, primary)).slice(0, 3);
  return [
    primary.cause,
    section(
      'Root cause',
      [
        primary.explanation.trim(),
        ...supporting.map((finding) => `It goes with this: ${finding.cause}`),
      ].join('\n\n'),
    ),
    section(
      'Evidence',
      bullets(
        distinctEvidence([
          ...primary.evidence,
          ...supporting.flatMap((finding) => finding.evidence.slice(0, 1)),
        ]).map(evidenceLine),
      ),
    ),
    section('What to do now', numbered(primary.remediation.map(remediationLine))),
    section('Prevention', bullets(primary.prevention)),
    section(
      'Ruled out / looked at',
      bullets([
        ...primary.ruledOut,
        ...lookedAt(input.exchanges),
        ...unrelated
          .slice(0, 3)
          .map(
            (finding) =>
              `Seen on the way, not related to this alert as far as the rules can tell: ${finding.cause}`,
          ),
      ]),
    ),
    section(
      'Confidence',
      `**${primary.confidence}**: ${primary.because}.${input.limits === '' ? '' : ` ${input.limits}`}`,
    ),
    SIGNATURE,
  ].join('\n\n');
}

/** A finding worth telling beside the primary one: about another object, not just its symptom on the same one. */
function tellsMore(finding: Finding, primary: Finding): boolean {
  const same = [primary.subject, ...primary.affects].some(
    (ref) =>
      ref.kind === finding.subject.kind &&
      ref.namespace === finding.subject.namespace &&
      ref.name === finding.subject.name,
  );
  return !same && finding.confidence !== 'low';
}

function withoutCause(input: AnalysisInput): string {
  const { unrelated } = input.diagnosis;
  const healthy = isHealthy(input);
  const read = input.exchanges.filter((exchange) => exchange.output !== null && !exchange.failed);
  const past = healthy ? pastTrouble(input.facts, input.focus) : [];
  const answer =
    read.length === 0
      ? 'I do not know the cause: nothing in the cluster could be looked at.'
      : healthy
        ? past.length > 0
          ? 'No fault found now: what the alert is about is healthy again, but its events tell of earlier trouble.'
          : 'No fault found: what the alert is about looks healthy now.'
        : input.areas.length > 0
          ? `I do not know the cause: in ${input.areas.join(', ')}, to which my task is limited, nothing is wrong that I know.`
          : 'I do not know the cause: what was read matches none of the failure patterns I know.';
  const explanation = healthy
    ? `${past.length > 0 ? `Earlier it was reported: ${past.map(reportText).join('; ')}. Nothing of that is seen any more. ` : ''}Nothing that was checked is failing at the moment. The trouble may be over, may lie outside what the offered tools can see (for example outside the cluster, or in request metrics), or the alert may be wrong.`
    : 'No cause is given, because none could be shown. What was looked at is listed below, for a person or a language model to go on from.';
  return [
    answer,
    section('Root cause', explanation),
    section(
      'Evidence',
      bullets([...healthEvidence(input), ...past.map(eventEvidence).map(evidenceLine)]) || 'None.',
    ),
    section('What to do now', numbered(nextHands(input))),
    section('Prevention', 'Nothing to suggest without a cause.'),
    section(
      'Ruled out / looked at',
      bullets([
        ...lookedAt(input.exchanges),
        ...unrelated
          .slice(0, 3)
          .map(
            (finding) =>
              `Seen on the way, not related to this alert as far as the rules can tell: ${finding.cause}`,
          ),
      ]) || 'Nothing.',
    ),
    section(
      'Confidence',
      `**low**: ${healthy ? 'that nothing fails now was seen, but not why the alert fired' : 'no pattern matched'}.${input.limits === '' ? '' : ` ${input.limits}`}`,
    ),
    SIGNATURE,
  ].join('\n\n');
}

const reportText = ({ reason, message }: EventFact): string => `"${reason}: ${message.slice(0, 200)}"`;

function isHealthy({ focus, facts }: AnalysisInput): boolean {
  const pods =
    focus.pods.length > 0
      ? focus.pods
      : facts.pods.filter((pod) => focus.namespaces.length === 0 || focus.namespaces.includes(pod.namespace));
  return (
    pods.length > 0 && !pods.some(isUnhealthy) && facts.nodes.every((node) => node.status.startsWith('Ready'))
  );
}

/** What was seen to be well, with its source. */
function healthEvidence({ focus, facts }: AnalysisInput): string[] {
  const pods = (focus.pods.length > 0 ? focus.pods : facts.pods).slice(0, 5);
  return [
    ...pods.map(
      (pod) =>
        `Pod ${pod.namespace}/${pod.name}: \`${pod.status}, ${pod.readyCount}/${pod.containerCount} ready, ${pod.restarts} restarts\` [tool: ${pod.listRef || pod.ref}]`,
    ),
    ...facts.endpoints
      .slice(0, 3)
      .map(
        (item) =>
          `Service ${item.namespace}/${item.service}: \`${item.ready} ready endpoints\` [tool: ${item.ref}]`,
      ),
    ...facts.claims
      .slice(0, 3)
      .map((claim) => `Claim ${claim.namespace}/${claim.name}: \`${claim.phase}\` [tool: ${claim.ref}]`),
    ...facts.nodes.slice(0, 4).map((node) => `Node ${node.name}: \`${node.status}\` [tool: ${node.ref}]`),
  ];
}

function nextHands({ focus }: AnalysisInput): string[] {
  const namespace = focus.namespaces[0];
  const scope = namespace === undefined ? '-A' : `-n ${namespace}`;
  return [
    `Look at it with your own eyes:\n   \`\`\`sh\n   kubectl ${scope} get pods,events --sort-by=.metadata.creationTimestamp\n   \`\`\``,
    'Compare the time of the alert with recent deployments and with the metrics behind the alert rule.',
    'Connect a language model in the configuration to have such cases investigated beyond known patterns.',
  ];
}
