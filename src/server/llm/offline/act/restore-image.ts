import type { Facts, PodFact } from '../facts.ts';
import type { Finding } from '../patterns/finding.ts';
import { failingPull } from '../patterns/image-pull.ts';
import { show } from '../patterns/observe.ts';
import { repository } from '../patterns/other-revision.ts';
import { describedWorkload, readObject } from './current-object.ts';
import { type Choice, none } from './remedy.ts';

/**
 * A tag that the registry does not have: back to the image that the same Deployment's other revision runs with ready pods
 * right now. Nothing when there is no such revision, more than one, or one that differs in more than the image.
 */
export function restoreImage(finding: Finding, facts: Facts): Choice {
  const { subject } = finding;
  if (subject.kind !== 'Deployment')
    return none(`I put back images of Deployments only, not of a ${subject.kind}.`);
  const failing = facts.pods
    .filter((pod) =>
      finding.affects.some(
        (ref) => ref.kind === 'Pod' && ref.namespace === pod.namespace && ref.name === pod.name,
      ),
    )
    .flatMap((pod) => failingPull(facts, pod) ?? []);
  const [first] = failing;
  if (!first || failing.some(({ why }) => why !== 'not_found'))
    return none(
      'Going back helps against a tag that does not exist, and that is not for certain what is wrong here.',
    );
  const serving = facts.workloads.filter(
    (item) =>
      item.kind === 'ReplicaSet' &&
      item.namespace === subject.namespace &&
      item.owner === subject.name &&
      item.ready > 0 &&
      !isOwner(first.pod, item.name),
  );
  const [previous] = serving;
  if (!previous) return none('No other revision of it has ready pods, so no image is known to run.');
  if (serving.length > 1)
    return none('Several other revisions of it have ready pods, so it is not clear which is right.');
  const now = describedWorkload(facts, subject);
  const before = describedWorkload(facts, { ...subject, kind: 'ReplicaSet', name: previous.name });
  if (!now || !before) {
    return {
      kind: 'look',
      steps: [
        ...(now ? [] : [readObject(subject, `${show(subject)} as it is now, before anything is proposed`)]),
        ...(before
          ? []
          : [
              readObject(
                { ...subject, kind: 'ReplicaSet', name: previous.name },
                `what the revision that still runs (${previous.name}) has different`,
              ),
            ]),
      ],
    };
  }
  if (now.template.shape !== before.template.shape)
    return none(
      `ReplicaSet ${previous.name} differs in more than the image, so its image alone may not fit.`,
    );
  const { name, image } = first.container;
  const old = before.template.containers.find((container) => container.name === name)?.image ?? '';
  if (now.template.containers.find((container) => container.name === name)?.image !== image)
    return none(`${show(subject)} does not ask for ${image} any more: somebody is changing it.`);
  if (old === image || repository(old) !== repository(image))
    return none(`ReplicaSet ${previous.name} runs an image of another repository.`);
  const target = `deployment/${subject.name}`;
  return {
    kind: 'change',
    remedy: {
      target: subject,
      goal: {
        kind: 'Deployment',
        containers: now.template.containers.map((container) =>
          container.name === name ? { ...container, image: old } : container,
        ),
      },
      change: { what: `image of container ${name}`, from: image, to: old },
      why: `The registry does not have the image that is asked for now. ReplicaSet ${previous.name} of the same Deployment runs the other one with ${previous.ready} ready pod(s), and differs in nothing else.`,
      command: `kubectl -n ${subject.namespace} set image ${target} ${name}=${old}`,
      undo: `kubectl -n ${subject.namespace} set image ${target} ${name}=${image}`,
      cures: true,
      remains: [`Find out why \`${image}\` was never pushed, and release it again when it is there.`],
    },
  };
}

const isOwner = (pod: PodFact, replicaSet: string): boolean =>
  pod.owner.kind === 'ReplicaSet' && pod.owner.name === replicaSet;
