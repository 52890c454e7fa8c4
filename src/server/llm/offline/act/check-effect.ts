import type { Facts } from '../facts.ts';
import { type Evidence, evidence } from '../patterns/finding.ts';
import { show, workloadRef } from '../patterns/observe.ts';
import type { Step } from '../plan/step.ts';
import { describedWorkload, readObject } from './current-object.ts';
import type { Remedy } from './remedy.ts';

/** `holds`: in place and effective; `pending`: in place; `absent`: not in place; `unseen`: could not be read. */
export interface Effect {
  state: 'holds' | 'pending' | 'absent' | 'unseen';
  /** What is seen, in words that end a sentence. */
  says: string;
  evidence: Evidence[];
}

/** What to read to see whether a change has had its effect. */
export function effectSteps({ target }: Remedy): Step[] {
  const { namespace } = target;
  if (target.kind === 'Service') {
    return [
      readObject(target, `whether ${show(target)} has the change`),
      readObject({ ...target, kind: 'Endpoints' }, 'whether it reaches pods now'),
    ];
  }
  return [
    readObject(target, `whether ${show(target)} has the change and how far its rollout is`),
    { lookup: { kind: 'pods', namespace }, why: 'whether its pods are ready' },
  ];
}

/** Whether what was read after the change shows it, and its effect. */
export function checkEffect(remedy: Remedy, facts: Facts): Effect {
  return remedy.goal.kind === 'Service' ? checkService(remedy, facts) : checkDeployment(remedy, facts);
}

const unseen = (remedy: Remedy): Effect => ({
  state: 'unseen',
  says: `${show(remedy.target)} could not be read after the change`,
  evidence: [],
});

function checkDeployment(remedy: Remedy, facts: Facts): Effect {
  const { target, goal, change } = remedy;
  const now = describedWorkload(facts, target);
  if (!now || goal.kind !== 'Deployment') return unseen(remedy);
  const { template, desired, updated, ready } = now;
  const isThere = goal.containers.every((wanted) =>
    template.containers.some(
      ({ name, image, memoryLimit }) =>
        name === wanted.name && image === wanted.image && memoryLimit === wanted.memoryLimit,
    ),
  );
  if (!isThere) {
    return {
      state: 'absent',
      says: `${show(target)} does not show the ${change.what} as ${change.to}`,
      evidence: [
        evidence(now.ref, `containers: ${JSON.stringify(template.containers)}`, 'what it asks for now'),
      ],
    };
  }
  const done = template.observed && updated >= desired && ready >= desired && template.total === updated;
  const figures = `replicas: ${desired}, updated: ${updated}, ready: ${ready}, of all revisions: ${template.total}`;
  const pods = facts.pods.filter((pod) => {
    const owner = workloadRef(pod);
    return owner.name === target.name && pod.namespace === target.namespace && pod.quote !== '';
  });
  return {
    state: done ? 'holds' : 'pending',
    says: done
      ? `${ready} of ${desired} replicas are ready with it`
      : `${Math.min(ready, desired)} of ${desired} replicas are ready, ${updated} have the change, ${Math.max(0, template.total - updated)} older ones are still there`,
    evidence: [
      evidence(now.ref, figures, `the rollout of ${show(target)} after the change`),
      ...pods.slice(0, 3).map((pod) => evidence(pod.listRef, pod.quote, `pod ${pod.name} after the change`)),
    ],
  };
}

function checkService(remedy: Remedy, facts: Facts): Effect {
  const { target, goal, change } = remedy;
  const now = facts.services.find(
    (item) => item.namespace === target.namespace && item.name === target.name && item.detailed,
  );
  if (!now || goal.kind !== 'Service') return unseen(remedy);
  const isThere =
    Object.entries(goal.selector).every(([key, value]) => now.selector[key] === value) &&
    goal.ports.every((wanted) =>
      now.ports.some(({ port, targetPort }) => port === wanted.port && targetPort === wanted.targetPort),
    );
  const seen = evidence(
    now.ref,
    `ports: ${now.ports.map(({ port, targetPort }) => `${port} → ${targetPort}`).join(', ')}; selector: ${JSON.stringify(now.selector)}`,
    `${show(target)} after the change`,
  );
  if (!isThere)
    return {
      state: 'absent',
      says: `${show(target)} does not show the ${change.what} as ${change.to}`,
      evidence: [seen],
    };
  const endpoints = facts.endpoints.findLast(
    (item) => item.namespace === target.namespace && item.service === target.name,
  );
  const ready = endpoints?.ready ?? 0;
  return {
    state: ready > 0 ? 'holds' : 'pending',
    says: ready > 0 ? `it reaches ${ready} ready pod(s)` : 'it reaches no ready pod yet',
    evidence: [
      seen,
      ...(endpoints ? [evidence(endpoints.ref, endpoints.quote, 'its endpoints after the change')] : []),
    ],
  };
}
