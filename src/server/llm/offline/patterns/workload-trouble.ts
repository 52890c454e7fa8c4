import type { EventFact, Facts, WorkloadFact } from '../facts.ts';
import { distinctEvidence, evidence, type Finding, type ObjectRef, type PatternInput } from './finding.ts';
import { eventEvidence, podRef, show, workloadRef } from './observe.ts';

/** A controller that may not create its pods: a quota is used up, or admission refuses them. */
export function findRefusedPods({ facts }: PatternInput): Finding[] {
  const latest = new Map<string, EventFact>();
  for (const event of facts.events) {
    if (event.reason === 'FailedCreate' && event.type !== 'Normal')
      latest.set(`${event.namespace}/${event.kind}/${event.name}`, event);
  }
  return [...latest.values()].flatMap((event): Finding[] => {
    const owner = facts.workloads.find(
      (item) => item.kind === event.kind && item.namespace === event.namespace && item.name === event.name,
    );
    if (owner && owner.desired <= owner.ready) return [];
    return [refusedFinding(facts, event)];
  });
}

function refusedFinding(facts: Facts, event: EventFact): Finding {
  const workload: ObjectRef =
    event.kind === 'ReplicaSet'
      ? { kind: 'Deployment', namespace: event.namespace, name: event.name.replace(/-[a-z0-9]+$/, '') }
      : { kind: event.kind, namespace: event.namespace, name: event.name };
  const quota = event.message.match(/exceeded quota: ([\w.-]+)(.*)$/s);
  const quotaFacts = facts.quotas.filter(
    (item) => item.namespace === event.namespace && item.name === quota?.[1],
  );
  return {
    pattern: quota ? 'quota-exceeded' : 'pods-refused',
    cause: quota
      ? `${show(workload)} cannot create its pods because ResourceQuota ${event.namespace}/${quota[1]} is used up.`
      : `${show(workload)} cannot create its pods because the API server refuses them: ${event.message.slice(0, 160)}.`,
    explanation: quota
      ? `The controller is refused each new pod:${(quota[2] ?? '').replace(/^,/, '')}. Pods that run are not touched, but lost ones are not replaced.`
      : 'Admission refuses the pods that the controller tries to create; the quoted message gives the reason.',
    subject: quota ? { kind: 'ResourceQuota', namespace: event.namespace, name: quota[1] ?? '' } : workload,
    affects: [workload, { kind: event.kind, namespace: event.namespace, name: event.name }],
    confidence: 'high',
    because: "the API server's refusal is in the event",
    evidence: distinctEvidence([
      eventEvidence(event),
      ...quotaFacts.map((item) => evidence(item.ref, item.quote, `quota ${item.name}`)),
    ]),
    remediation: quota
      ? [
          {
            text: 'See what uses the quota:',
            command: `kubectl -n ${event.namespace} describe resourcequota ${quota[1]}`,
          },
          { text: 'Remove what is not needed, lower requests, or raise the quota.' },
        ]
      : [
          {
            text: 'Correct the pod template as the message says:',
            command: `kubectl -n ${workload.namespace} edit ${workload.kind.toLowerCase()}/${workload.name}`,
          },
        ],
    prevention: ['Alert when a quota is used above 90 %, and leave room for the surge of a rollout.'],
    ruledOut: ['Lack of nodes: the pods were never created.'],
    depth: 3,
  };
}

/** A rollout that does not finish, and a Job that has failed: symptoms whose cause is in the pods. */
export function findStuckWorkload({ facts }: PatternInput): Finding[] {
  return facts.workloads.flatMap((item) => {
    const failed = item.conditions.find(
      (condition) => condition.type === 'Failed' && condition.status === 'True',
    );
    if (item.kind === 'Job' && (failed || (item.failed > 0 && item.succeeded === 0))) {
      const told = failed
        ? `${failed.reason}: ${failed.message}`
        : item.quote || `status.failed: ${item.failed}`;
      return [
        symptom(
          facts,
          item,
          'failed-job',
          `Job ${item.namespace}/${item.name} has failed${failed ? ` (${failed.reason})` : ''}.`,
          'Its pods ended with an error as often as its backoffLimit allows, or it ran out of time.',
          told,
        ),
      ];
    }
    const stuck = item.conditions.find((condition) => condition.reason === 'ProgressDeadlineExceeded');
    if (item.kind === 'Deployment' && stuck) {
      return [
        symptom(
          facts,
          item,
          'rollout-stuck',
          `The rollout of Deployment ${item.namespace}/${item.name} is stuck: its new pods do not become ready.`,
          'The new ReplicaSet has not become available within the progress deadline.',
          `${stuck.reason}: ${stuck.message}`,
        ),
      ];
    }
    return [];
  });
}

function symptom(
  facts: Facts,
  item: WorkloadFact,
  pattern: string,
  cause: string,
  explanation: string,
  quote: string,
): Finding {
  const ref: ObjectRef = { kind: item.kind, namespace: item.namespace, name: item.name };
  const pods = facts.pods.filter(
    (pod) => pod.namespace === item.namespace && workloadRef(pod).name === item.name,
  );
  return {
    pattern,
    cause,
    explanation,
    subject: ref,
    affects: pods.map(podRef),
    confidence: 'low',
    because: 'this is what is seen; why the pods fail was not recognised',
    evidence: distinctEvidence([evidence(item.ref, quote, `${item.kind} ${item.name}`)]),
    remediation: [
      {
        text: 'Look at its pods:',
        command: `kubectl -n ${item.namespace} describe ${item.kind.toLowerCase()} ${item.name}`,
      },
    ],
    prevention: ["Alert on the pods' own state, which names the cause earlier."],
    ruledOut: [],
    depth: 1,
  };
}
