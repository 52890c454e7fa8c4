import type { ClaimFact, EventFact, Facts, PodFact } from '../facts.ts';
import { distinctEvidence, evidence, type Finding, type PatternInput } from './finding.ts';
import { eventEvidence, eventsOf, podRef, workloadRef } from './observe.ts';

/** A claim that stays Pending: its storage class is missing, no volume fits, or nothing provisions. */
export function findPendingClaim({ facts }: PatternInput): Finding[] {
  return facts.claims
    .filter((claim) => claim.phase === 'Pending' || claim.phase === 'Lost')
    .map((claim) => {
      const events = eventsOf(facts, 'PersistentVolumeClaim', claim.namespace, claim.name);
      const users = facts.pods.filter(
        (pod) => pod.namespace === claim.namespace && pod.claims.includes(claim.name),
      );
      return (
        missingClass(facts, claim, events, users) ??
        noClass(facts, claim, events, users) ??
        waiting(facts, claim, events, users) ??
        otherReason(facts, claim, events, users)
      );
    });
}

function missingClass(facts: Facts, claim: ClaimFact, events: EventFact[], users: PodFact[]): Finding | null {
  const told = events.filter((event) =>
    /storageclass(\.storage\.k8s\.io)? "[^"]*" not found/i.test(event.message),
  );
  const name = claim.storageClass || told[0]?.message.match(/"([^"]*)" not found/)?.[1] || '';
  const list = facts.listed.find((item) => item.kind === 'StorageClass' && !item.filtered);
  const absent =
    name !== '' && list !== undefined && !facts.storageClasses.some((item) => item.name === name);
  if (told.length === 0 && !absent) return null;
  // Static provisioning uses class names without an object; then a volume of that class exists.
  if (told.length === 0 && facts.volumes.some((volume) => volume.storageClass === name)) return null;
  const existing = facts.storageClasses.map((item) => item.name);
  return {
    ...base(claim, users),
    cause: `PersistentVolumeClaim ${claim.namespace}/${claim.name} stays Pending because its storage class \`${name}\` does not exist.`,
    explanation: `The claim asks for storage class \`${name}\`, which the cluster does not have${existing.length > 0 ? ` (it has ${existing.map((item) => `\`${item}\``).join(', ')})` : ''}. Nothing provisions a volume, so the pods that mount it cannot be scheduled.`,
    confidence: told.length > 0 || absent ? 'high' : 'medium',
    because:
      absent && told.length > 0
        ? 'the event says so and the list of storage classes does not have it'
        : absent
          ? 'the list of storage classes does not have it'
          : 'the event of the volume controller says so',
    evidence: distinctEvidence([
      ...told.slice(0, 1).map(eventEvidence),
      evidence(claim.ref, claim.quote, `claim ${claim.name}`),
      ...(list
        ? [
            evidence(
              list.ref,
              `storage classes: ${existing.join(', ') || '(none)'}`,
              'all storage classes of the cluster',
            ),
          ]
        : []),
      ...podEvidence(facts, users),
    ]),
    remediation: [
      {
        text: "Either create the storage class, or (a claim's class cannot be changed) save the manifest, delete the claim, which holds no data yet, and create it again with a class that exists:",
        command: `kubectl -n ${claim.namespace} get pvc ${claim.name} -o yaml > ${claim.name}.yaml`,
      },
      {
        text: `Set storageClassName${existing[0] ? ` to \`${existing[0]}\`` : ''} in the file, then:`,
        command: `kubectl -n ${claim.namespace} delete pvc ${claim.name} && kubectl apply -f ${claim.name}.yaml`,
      },
    ],
    ruledOut: ['Lack of space or nodes: provisioning was never tried.'],
    depth: 3,
  };
}

function noClass(facts: Facts, claim: ClaimFact, events: EventFact[], users: PodFact[]): Finding | null {
  const told = events.filter((event) =>
    /no persistent volumes available for this claim and no storage class is set/i.test(event.message),
  );
  const provisioner =
    facts.storageClasses.find((item) => item.name === claim.storageClass)?.provisioner ?? '';
  const manual = provisioner === 'kubernetes.io/no-provisioner';
  const list = facts.listed.find((item) => item.kind === 'PersistentVolume');
  const free = facts.volumes.filter(
    (volume) => volume.phase === 'Available' && volume.storageClass === claim.storageClass,
  );
  if (told.length === 0 && !(manual && list !== undefined && free.length === 0)) return null;
  return {
    ...base(claim, users),
    cause: `PersistentVolumeClaim ${claim.namespace}/${claim.name} stays Pending because no volume fits it and nothing creates one${manual ? ` (class \`${claim.storageClass}\` has no provisioner)` : ' (the claim names no storage class and there is no default)'}.`,
    explanation: `A claim like this must find an existing PersistentVolume of the same class, size and access mode (${claim.request}, ${claim.accessModes.join(', ')}). None is available.`,
    confidence: 'high',
    because: told.length > 0 ? 'the volume controller says so' : 'the volumes and the class were read',
    evidence: distinctEvidence([
      ...told.slice(0, 1).map(eventEvidence),
      evidence(claim.ref, claim.quote, `claim ${claim.name}`),
      ...(list
        ? [evidence(list.ref, `available volumes of the class: ${free.length}`, 'volumes of the cluster')]
        : []),
      ...podEvidence(facts, users),
    ]),
    remediation: [
      {
        text: 'Create a PersistentVolume that fits, or name a class with a provisioner. See the classes:',
        command: 'kubectl get storageclass',
      },
    ],
    ruledOut: [],
    depth: 3,
  };
}

function waiting(facts: Facts, claim: ClaimFact, events: EventFact[], users: PodFact[]): Finding | null {
  const told = events.filter(
    (event) => event.reason === 'WaitForFirstConsumer' || /waiting for first consumer/i.test(event.message),
  );
  const late =
    facts.storageClasses.find((item) => item.name === claim.storageClass)?.bindingMode ===
    'WaitForFirstConsumer';
  const failed = events.some((event) => event.reason === 'ProvisioningFailed');
  if ((told.length === 0 && !late) || failed) return null;
  return {
    ...base(claim, users),
    cause: `PersistentVolumeClaim ${claim.namespace}/${claim.name} is Pending because its class binds only when a pod that uses it is scheduled${users.length === 0 ? ', and no pod uses it' : ''}.`,
    explanation:
      users.length === 0
        ? 'With WaitForFirstConsumer a volume is made on the node of the first pod that mounts the claim. No such pod was seen, so this is not a fault of storage.'
        : `With WaitForFirstConsumer a volume is made on the node of the first pod that mounts the claim. Pod ${users[0]?.name} is not scheduled yet; the reason is with the pod.`,
    confidence: users.length === 0 ? 'medium' : 'low',
    because: 'the class waits for a consumer; what keeps the consumer is decided elsewhere',
    evidence: distinctEvidence([
      ...told.slice(0, 1).map(eventEvidence),
      evidence(claim.ref, claim.quote, `claim ${claim.name}`),
    ]),
    remediation: [
      {
        text: 'Look at the pod that should use it:',
        command: `kubectl -n ${claim.namespace} describe pvc ${claim.name}`,
      },
    ],
    ruledOut: ['A missing storage class.'],
    depth: 1,
  };
}

function otherReason(facts: Facts, claim: ClaimFact, events: EventFact[], users: PodFact[]): Finding {
  const told = events.find((event) => event.type === 'Warning') ?? events[0];
  return {
    ...base(claim, users),
    cause: told
      ? `PersistentVolumeClaim ${claim.namespace}/${claim.name} stays ${claim.phase}: ${told.message.slice(0, 160)}.`
      : `PersistentVolumeClaim ${claim.namespace}/${claim.name} stays ${claim.phase}, and nothing that was read says why.`,
    explanation: told
      ? 'The volume controller reports this reason for the claim.'
      : 'There is no event for the claim any more.',
    confidence: told ? 'medium' : 'low',
    because: told ? 'the event is the only source' : 'no event was found',
    evidence: distinctEvidence([
      ...(told ? [eventEvidence(told)] : []),
      evidence(claim.ref, claim.quote, `claim ${claim.name}`),
      ...podEvidence(facts, users),
    ]),
    remediation: [
      {
        text: 'Look at the claim and its provisioner:',
        command: `kubectl -n ${claim.namespace} describe pvc ${claim.name}`,
      },
    ],
    ruledOut: [],
    depth: 2,
  };
}

function base(
  claim: ClaimFact,
  users: PodFact[],
): Pick<Finding, 'pattern' | 'subject' | 'affects' | 'prevention'> {
  return {
    pattern: 'claim-pending',
    subject: { kind: 'PersistentVolumeClaim', namespace: claim.namespace, name: claim.name },
    affects: users.flatMap((pod) => [podRef(pod), workloadRef(pod)]),
    prevention: [
      'Check in CI that every storageClassName in the manifests exists in the target cluster, or set a default class.',
      'Alert on claims that are Pending for more than a few minutes.',
    ],
  };
}

function podEvidence(facts: Facts, users: PodFact[]): ReturnType<typeof eventEvidence>[] {
  return users.slice(0, 1).flatMap((pod) =>
    eventsOf(facts, 'Pod', pod.namespace, pod.name)
      .filter((event) => event.reason === 'FailedScheduling')
      .slice(-1)
      .map(eventEvidence),
  );
}
