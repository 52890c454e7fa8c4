import type { Facts } from '../facts.ts';
import type { Focus } from '../focus.ts';
import type { Confidence, Finding } from '../patterns/finding.ts';
import { recognise } from '../patterns/index.ts';
import { type CheckScope, inScope } from './scope.ts';
import { isCurrent, refsOf, sameRef } from './trouble.ts';
import { findUnexplained } from './unexplained.ts';

/** One thing that is wrong, with the symptoms that go with it. */
export interface Problem {
  root: Finding;
  symptoms: Finding[];
}

const WEIGHT: Record<Confidence, number> = { high: 3, medium: 2, low: 1 };

/**
 * Every problem that there is now in the scope, the deepest cause first. A finding about the same objects that lies nearer to
 * the surface is a symptom of the deeper one and no problem of its own.
 */
export function findProblems({
  facts,
  focus,
  scope,
}: {
  facts: Facts;
  focus: Focus;
  scope: CheckScope;
}): Problem[] {
  // Without any pod, what a pattern concludes from missing ones is not to be trusted.
  if (!facts.pods.some((pod) => inScope(scope, pod.namespace)) && scope.namespaces.length === 0) return [];
  const known = recognise({ facts, focus });
  const findings = [...known, ...findUnexplained(facts, scope)]
    .filter((finding) => concerns(finding, facts, scope) && isCurrent(finding, facts))
    .sort(
      (a, b) =>
        b.depth - a.depth ||
        WEIGHT[b.confidence] - WEIGHT[a.confidence] ||
        nameOf(a).localeCompare(nameOf(b)),
    );
  const problems: Problem[] = [];
  for (const finding of findings) {
    const refs = refsOf(finding, facts);
    const deeper = problems.find(
      ({ root }) =>
        isDeeper(root, finding) && refsOf(root, facts).some((ref) => refs.some((own) => sameRef(ref, own))),
    );
    if (deeper) deeper.symptoms.push(finding);
    else problems.push({ root: finding, symptoms: [] });
  }
  return problems;
}

/** What only says that something is seen is no problem beside what says why. */
const isDeeper = (root: Finding, finding: Finding): boolean =>
  root.depth > finding.depth || finding.confidence === 'low';

/** A node concerns a namespace by the pods there that it takes along. */
function concerns(finding: Finding, facts: Facts, scope: CheckScope): boolean {
  if (scope.namespaces.length === 0) return true;
  return refsOf(finding, facts).some((ref) => ref.namespace !== '' && inScope(scope, ref.namespace));
}

const nameOf = ({ subject, pattern }: Finding): string =>
  `${subject.kind}/${subject.namespace}/${subject.name} ${pattern}`;

/** The same for the same problem from run to run: no subject of a pattern is a pod with a generated name. */
export function keyOf({ subject, pattern }: Finding): string {
  const where = subject.namespace === '' ? '' : `${subject.namespace}/`;
  return `${subject.kind}/${where}${subject.name} ${pattern}`.toLowerCase();
}
