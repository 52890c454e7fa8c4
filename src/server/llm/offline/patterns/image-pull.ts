import type { ContainerFact, EventFact, Facts, PodFact } from '../facts.ts';
import { distinctEvidence, evidence, type Finding, type PatternInput } from './finding.ts';
import { eventEvidence, podEvents, podRef, show, workloadRef } from './observe.ts';
import { findOtherRevision, repository } from './other-revision.ts';

const PULL_REASONS =
  /^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|ImageInspectError|RegistryUnavailable)$/;

type Why = 'not_found' | 'auth' | 'network' | 'rate_limit' | 'invalid' | 'unknown';

/** An image that cannot be pulled: wrong tag or name, missing credentials, or an unreachable registry. */
export function findImagePullFailure({ facts }: PatternInput): Finding[] {
  return facts.pods.flatMap((pod) => {
    const failing = failingPull(facts, pod);
    return failing ? [explain(facts, failing)] : [];
  });
}

/** The container of a pod whose image cannot be pulled, and why; null when there is none. */
export function failingPull(
  facts: Facts,
  pod: PodFact,
): { pod: PodFact; container: ContainerFact; why: Why; events: EventFact[] } | null {
  const container = pod.containers.find((item) => PULL_REASONS.test(item.state.reason));
  if (!container) return null;
  const events = podEvents(facts, pod).filter(
    (event) => /pull/i.test(event.message) && event.reason !== 'Pulling' && event.reason !== 'Pulled',
  );
  const message =
    [...events.map((event) => event.message), container.state.message].find(
      (text) => classify(text) !== 'unknown',
    ) ?? container.state.message;
  const why = container.state.reason === 'InvalidImageName' ? 'invalid' : classify(message);
  return { pod, container, why, events };
}

function explain(facts: Facts, failing: NonNullable<ReturnType<typeof failingPull>>): Finding {
  const { pod, container, why, events } = failing;
  const workload = workloadRef(pod);
  const { image } = container;
  const decisive = events.filter((event) => classify(event.message) === why).slice(0, 2);
  const earlier = findOtherRevision(facts, pod, container);
  return {
    pattern: 'image-pull',
    cause: `${show(workload)} cannot start because image \`${image}\` cannot be pulled: ${REASONS[why]}.`,
    explanation: `${EXPLANATIONS[why]}${earlier ? ` The other revision of this workload runs \`${earlier.image}\`.` : ''}`,
    subject: workload,
    affects: [podRef(pod)],
    confidence: why === 'unknown' ? 'medium' : 'high',
    because:
      why === 'unknown'
        ? 'the pull fails for sure, but the reason was not in what could be read'
        : "the registry's answer is in the event",
    evidence: distinctEvidence([
      ...decisive.map(eventEvidence),
      ...(container.state.message === ''
        ? []
        : [
            evidence(
              pod.ref,
              `${container.state.reason}: ${container.state.message}`,
              `state of container ${container.name}`,
            ),
          ]),
      evidence(pod.ref, `image: ${image}`, `the image of container ${container.name}`),
      ...(earlier ? [earlier.evidence] : []),
    ]),
    remediation: remedies(workload, container, why, earlier?.image),
    prevention: [
      'Let the pipeline deploy the digest it has just pushed, so that a tag that does not exist cannot be rolled out.',
      'Keep maxUnavailable at 0, so that the old pods serve until the new image runs.',
    ],
    ruledOut: RULED_OUT[why],
    depth: 3,
  };
}

function classify(text: string): Why {
  if (/toomanyrequests|429|rate limit/i.test(text)) return 'rate_limit';
  if (/couldn't parse image|invalid reference format|InvalidImageName/i.test(text)) return 'invalid';
  if (
    /manifest unknown|manifest for .+ not found|: not found|NotFound|name unknown|repository .* not found/i.test(
      text,
    )
  )
    return 'not_found';
  if (
    /unauthorized|authentication required|\b401\b|\b403\b|access denied|denied:|no basic auth|forbidden|authorization failed/i.test(
      text,
    )
  )
    return 'auth';
  if (
    /i\/o timeout|no such host|connection refused|TLS handshake|deadline exceeded|x509|network is unreachable|dial tcp|server misbehaving/i.test(
      text,
    )
  )
    return 'network';
  return 'unknown';
}

const REASONS: Record<Why, string> = {
  not_found: 'the registry has no such tag or repository (not found)',
  auth: 'the registry refuses access (missing or wrong pull credentials)',
  network: 'the registry cannot be reached from the node',
  rate_limit: 'the registry limits the number of pulls',
  invalid: 'the image name is not valid',
  unknown: 'the reason is not in what could be read',
};

const EXPLANATIONS: Record<Why, string> = {
  not_found: 'The registry answers, but does not know this tag: it was mistyped, never pushed, or deleted.',
  auth: 'The registry answers, but refuses. The pod has no imagePullSecret for it, or its credentials are wrong or expired. Some registries give the same answer for a repository that does not exist.',
  network:
    'The node does not get an answer from the registry: name resolution, network, proxy or its certificate is at fault.',
  rate_limit: 'The registry accepts no more pulls from this address or account for now.',
  invalid: 'The name does not follow the syntax of image references, so nothing is even tried.',
  unknown: 'Kubernetes waits with growing pauses between attempts.',
};

const RULED_OUT: Record<Why, string[]> = {
  not_found: ['Network and credentials: the registry was reached and answered "not found".'],
  auth: ['Network: the registry was reached.'],
  network: [],
  rate_limit: ['Network and tag: the registry was reached.'],
  invalid: [],
  unknown: [],
};

function remedies(
  workload: { kind: string; namespace: string; name: string },
  container: ContainerFact,
  why: Why,
  earlier: string | undefined,
): Finding['remediation'] {
  const target = `${workload.kind.toLowerCase()}/${workload.name}`;
  const ns = workload.namespace;
  const undo = {
    text: 'Or go back to the revision that ran:',
    command: `kubectl -n ${ns} rollout undo ${target}`,
  };
  if (why === 'auth') {
    return [
      {
        text: 'Create working pull credentials and name them in the pod template (imagePullSecrets) or the service account:',
        command: `kubectl -n ${ns} create secret docker-registry <name> --docker-server=<registry> --docker-username=<user> --docker-password=<password>`,
      },
      undo,
    ];
  }
  if (why === 'network' || why === 'rate_limit') {
    return [
      {
        text: 'Try the pull from the node itself, to see what the registry answers:',
        command: `crictl pull ${container.image}`,
      },
      undo,
    ];
  }
  return [
    {
      text: 'Set an image that exists:',
      command: `kubectl -n ${ns} set image ${target} ${container.name}=${earlier ?? `${repository(container.image)}:<existing tag>`}`,
    },
    undo,
  ];
}
