import type { PodFact } from '../facts.ts';
import type { LogHit } from '../log-signatures.ts';
import { distinctEvidence, type Finding, type PatternInput } from './finding.ts';
import { logEvidence, logHits, podRef, show, suspectPods, workloadRef } from './observe.ts';

type Told = Pick<Finding, 'pattern' | 'cause' | 'explanation' | 'remediation' | 'prevention'>;

/** Causes that only the log tells: an expired certificate, a full disk, a missing permission. */
export function findLogConditions(input: PatternInput): Finding[] {
  return suspectPods(input).flatMap((pod) => {
    const hits = logHits(input.facts, pod);
    return (['certificate', 'disk_full', 'forbidden'] as const).flatMap((kind): Finding[] => {
      const hit = hits.filter((item) => item.kind === kind).at(-1);
      if (!hit) return [];
      return [
        {
          ...tell(pod, kind, hit),
          subject: workloadRef(pod),
          affects: [podRef(pod)],
          confidence: 'high',
          because: 'the log of the pod says so in plain words',
          evidence: distinctEvidence([logEvidence(hit)]),
          ruledOut: [],
          depth: 3,
        },
      ];
    });
  });
}

function tell(pod: PodFact, kind: 'certificate' | 'disk_full' | 'forbidden', hit: LogHit): Told {
  const workload = show(workloadRef(pod));
  switch (kind) {
    case 'certificate':
      return {
        pattern: 'expired-certificate',
        cause: `${workload} fails because a TLS certificate has expired or is not valid yet.`,
        explanation:
          "A TLS connection is refused during the handshake. The quoted line names the certificate's time as the reason.",
        remediation: [
          {
            text: 'Find the certificate in use and renew it:',
            command: `kubectl -n ${pod.namespace} get certificates,secrets --field-selector type=kubernetes.io/tls`,
          },
        ],
        prevention: ['Renew certificates automatically (cert-manager) and alert two weeks before the end.'],
      };
    case 'disk_full':
      return {
        pattern: 'disk-full',
        cause: `${workload} fails because a file system it writes to is full.`,
        explanation:
          'A write was refused with "no space left on device": the volume, or the node\'s disk behind it, is full.',
        remediation: [
          {
            text: 'See which file system it is:',
            command: `kubectl -n ${pod.namespace} exec ${pod.name} -- df -h`,
          },
          { text: 'Free space, or enlarge the claim if its class allows it.' },
        ],
        prevention: ['Alert on volumes above 80 %, and bound logs and temporary files.'],
      };
    case 'forbidden': {
      const [namespace = pod.namespace, account = 'default'] = hit.name.split(':');
      const denied = hit.line.match(/cannot (\w+) resource "([^"]+)"/);
      const [verb, resource] = [denied?.[1] ?? '<verb>', denied?.[2] ?? '<resource>'];
      return {
        pattern: 'rbac-forbidden',
        cause: `${workload} fails because its service account ${namespace}/${account} may not ${verb} ${resource} (RBAC forbidden).`,
        explanation:
          'The API server refuses a request of the pod: no Role or ClusterRole that is bound to its service account allows it.',
        remediation: [
          {
            text: 'Check the permission:',
            command: `kubectl auth can-i ${verb} ${resource} -n ${pod.namespace} --as=system:serviceaccount:${namespace}:${account}`,
          },
          {
            text: 'Grant it with a Role and RoleBinding that allow just this:',
            command: `kubectl -n ${pod.namespace} create role ${account}-${resource} --verb=${verb} --resource=${resource}`,
          },
        ],
        prevention: ["Ship the Role with the workload, and test it with the workload's own service account."],
      };
    }
  }
}
