import { describe, expect, it } from 'vitest';
import { findFocus } from '../focus.ts';
import { gatherFacts } from '../gather-facts.ts';
import { str } from '../json-access.ts';
import { recognise } from '../patterns/index.ts';
import { diagnose } from '../rank-findings.ts';
import { readAlert } from '../read-alert.ts';
import type { Exchange } from '../read-conversation.ts';
import { object, pod } from '../testing/fixture-objects.ts';
import { answerTool, type FixtureCluster } from '../testing/fixture-tools.ts';
import { chooseRemedy } from './choose-remedy.ts';
import type { Choice, Remedy } from './remedy.ts';
import { writeManifest } from './write-manifest.ts';

const NS = 'team-a';

/** What is chosen when everything in a small cluster has been read, after an alert about one object. */
function choose(cluster: FixtureCluster, alert: string, findings = alert): Choice {
  const calls: [string, Record<string, unknown>][] = [
    ['pods_list_in_namespace', { namespace: NS }],
    ['events_list', { namespace: NS }],
    ['nodes_top', {}],
    ['resources_list', { kind: 'ReplicaSet', namespace: NS }],
    ...cluster.objects.map((item): [string, Record<string, unknown>] => {
      return ['resources_get', { kind: item.kind, namespace: NS, name: str(item, 'metadata', 'name') }];
    }),
    ...Object.keys(cluster.logs ?? {}).map((key): [string, Record<string, unknown>] => [
      'pods_log',
      { namespace: NS, name: key.split('/')[1] ?? '' },
    ]),
  ];
  const exchanges = calls.map(([tool, args], index): Exchange => {
    const { text, failed } = answerTool(cluster, tool, args);
    return { id: `call-${index}`, toolName: `any__${tool}`, args, output: text, failed };
  });
  const facts = gatherFacts(exchanges);
  const focus = findFocus(readAlert(alert), facts);
  return chooseRemedy(diagnose(recognise({ facts, focus }), focus, facts), facts, findings);
}

function remedyOf(choice: Choice): Remedy {
  if (choice.kind !== 'change') throw new Error(`no change: ${JSON.stringify(choice)}`);
  return choice.remedy;
}

const because = (choice: Choice): string => (choice.kind === 'none' ? choice.because : choice.kind);

const container = (image: string, more: Record<string, unknown> = {}) => ({ name: 'app', image, ...more });
const template = (hash: string, body: Record<string, unknown>) => ({
  metadata: { labels: { app: 'web', ...(hash === '' ? {} : { 'pod-template-hash': hash }) } },
  spec: { containers: [body] },
});
const deployment = (body: Record<string, unknown>, name = 'web') =>
  object(
    'Deployment',
    NS,
    name,
    { spec: { replicas: 2, template: template('', body) }, status: { replicas: 3, readyReplicas: 2 } },
    'apps/v1',
  );
const replicaSet = (hash: string, ready: number, body: Record<string, unknown>) => {
  const set = object(
    'ReplicaSet',
    NS,
    `web-${hash}`,
    { spec: { replicas: ready, template: template(hash, body) }, status: { readyReplicas: ready } },
    'apps/v1',
  );
  return {
    ...set,
    metadata: { namespace: NS, name: `web-${hash}`, ownerReferences: [{ kind: 'Deployment', name: 'web' }] },
  };
};

describe('a tag that does not exist', () => {
  const GOOD = 'registry.example/web:1.4';
  const BAD = 'registry.example/web:1.5-typo';
  const alert = `namespace: ${NS}\ndeployment: web`;
  const message = (why: string) => `Failed to pull image "${BAD}": rpc error: ${why}`;
  const cluster = (
    changes: { why?: string; image?: string; sets?: Record<string, unknown>[] } = {},
  ): FixtureCluster => ({
    objects: [
      deployment(container(changes.image ?? BAD)),
      replicaSet('6c9d8f6b55', 0, container(BAD)),
      ...(changes.sets ?? [replicaSet('5b7c9d4f6d', 2, container(GOOD))]),
      pod({
        namespace: NS,
        name: 'web-6c9d8f6b55-x2k9p',
        owner: 'web-6c9d8f6b55',
        labels: { app: 'web', 'pod-template-hash': '6c9d8f6b55' },
        image: BAD,
        phase: 'Pending',
        ready: false,
        state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } },
      }),
    ],
    events: [
      {
        namespace: NS,
        reason: 'Failed',
        kind: 'Pod',
        name: 'web-6c9d8f6b55-x2k9p',
        message: message(changes.why ?? 'code = NotFound desc = manifest unknown: not found'),
      },
    ],
  });

  it('goes back to the image that another revision runs', () => {
    const remedy = remedyOf(choose(cluster(), alert));
    expect(remedy.change).toEqual({ what: 'image of container app', from: BAD, to: GOOD });
    expect(remedy.undo).toBe(`kubectl -n ${NS} set image deployment/web app=${BAD}`);
    const manifest = writeManifest(remedy);
    expect(manifest).toContain(`# from ${BAD}\n# to   ${GOOD}\n`);
    expect(manifest.replace(/^#.*\n/gm, '')).toBe(
      `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  namespace: ${NS}\n  name: web\nspec:\n  template:\n    spec:\n      containers:\n        - name: app\n          image: ${GOOD}\n`,
    );
  });

  it.each([
    [
      'the registry refuses access',
      cluster({ why: 'unauthorized: authentication required' }),
      /not for certain/,
    ],
    [
      'no revision runs',
      cluster({ sets: [replicaSet('5b7c9d4f6d', 0, container(GOOD))] }),
      /no image is known to run/i,
    ],
    [
      'several revisions run',
      cluster({
        sets: [
          replicaSet('5b7c9d4f6d', 1, container(GOOD)),
          replicaSet('7d8f9b6c5d', 1, container(`${GOOD}.1`)),
        ],
      }),
      /not clear which/,
    ],
    [
      'the revision differs in more',
      cluster({ sets: [replicaSet('5b7c9d4f6d', 2, container(GOOD, { args: ['--old'] }))] }),
      /differs in more/,
    ],
    [
      'the revision runs something else',
      cluster({ sets: [replicaSet('5b7c9d4f6d', 2, container('registry.example/other:1'))] }),
      /another repository/,
    ],
    [
      'somebody has changed it meanwhile',
      cluster({ image: 'registry.example/web:1.6' }),
      /somebody is changing it/,
    ],
    [
      'an image is masked',
      cluster({ sets: [replicaSet('5b7c9d4f6d', 2, container('registry.example/web:[MASKED_TOKEN]'))] }),
      /masked or unusual/,
    ],
  ] as const)('changes nothing when %s', (_name, given, why) => {
    expect(because(choose(given, alert))).toMatch(why);
  });

  it('changes nothing that earlier findings do not name, whatever is in them', () => {
    expect(because(choose(cluster(), alert, ''))).toMatch(/nothing justifies/);
    expect(because(choose(cluster(), alert, 'web-shop and webhook are broken'))).toMatch(/do not name/);
  });
});

describe('a Service that does not fit its pods', () => {
  const alert = `namespace: ${NS}\nservice: api`;
  const service = (spec: Record<string, unknown>) => object('Service', NS, 'api', { spec });
  const apiPod = (options: { labels?: Record<string, string>; ports?: unknown[]; name?: string } = {}) =>
    pod({
      namespace: NS,
      name: options.name ?? 'api-5b7c9d4f6d-x2k9p',
      owner: (options.name ?? 'api-5b7c9d4f6d-x2k9p').split('-').slice(0, -1).join('-'),
      labels: options.labels ?? { app: 'api' },
      ports: options.ports ?? [{ name: 'http', containerPort: 8080 }],
    });
  const port = (targetPort: unknown, name = 'http') => ({ name, port: 80, targetPort });

  it('takes the port that the pods declare, and names all ports and the selector', () => {
    const remedy = remedyOf(
      choose({ objects: [service({ selector: { app: 'api' }, ports: [port('web')] }), apiPod()] }, alert),
    );
    expect(remedy.change).toEqual({ what: 'target port of port 80', from: 'web', to: 'http' });
    expect(writeManifest(remedy).replace(/^#.*\n/gm, '')).toContain(
      'spec:\n  selector:\n    app: api\n  ports:\n    - name: http\n      port: 80\n      protocol: TCP\n      targetPort: http\n',
    );
    expect(remedy.undo).toContain('"value":"web"');
  });

  it('corrects one label of a selector that is mistyped', () => {
    const remedy = remedyOf(
      choose({ objects: [service({ selector: { app: 'apii' }, ports: [port('http')] }), apiPod()] }, alert),
    );
    expect(remedy.change).toEqual({ what: 'selector app', from: 'apii', to: 'api' });
  });

  it.each([
    [
      'two ports could be meant',
      [
        service({ selector: { app: 'api' }, ports: [port('web', 'main')] }),
        apiPod({
          ports: [
            { name: 'http', containerPort: 8080 },
            { name: 'grpc', containerPort: 9090 },
          ],
        }),
      ],
      /cannot be told/,
    ],
    [
      'the pods belong to several workloads',
      [
        service({ selector: { app: 'api' }, ports: [port('web')] }),
        apiPod(),
        apiPod({ name: 'beta-5b7c9d4f6d-x2k9q' }),
      ],
      /several workloads/,
    ],
    [
      'the selector resembles nothing',
      [service({ selector: { app: 'something-else' }, ports: [port('http')] }), apiPod()],
      /cannot be told|not certain/,
    ],
    [
      'the selector and the port are wrong',
      [service({ selector: { app: 'apii' }, ports: [port('web')] }), apiPod()],
      /do not fit/,
    ],
  ] as const)('changes nothing when %s', (_name, objects, why) => {
    expect(because(choose({ objects: [...objects] }, alert))).toMatch(why);
  });
});

describe('a container that is killed for its memory', () => {
  const alert = `namespace: ${NS}\ndeployment: web`;
  const growing = [100, 140, 180, 220, 250].map((mi) => `heap_mib=${mi}`).join('\n');
  const cluster = (
    changes: { limit?: string; log?: string; nodePercent?: number; template?: string } = {},
  ): FixtureCluster => {
    const limit = changes.limit ?? '256Mi';
    return {
      objects: [
        deployment(
          container('registry.example/web:1', {
            resources: { limits: { memory: changes.template ?? limit } },
          }),
        ),
        pod({
          namespace: NS,
          name: 'web-5b7c9d4f6d-x2k9p',
          owner: 'web-5b7c9d4f6d',
          labels: { app: 'web', 'pod-template-hash': '5b7c9d4f6d' },
          resources: { limits: { memory: limit } },
          restarts: 4,
          lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } },
        }),
      ],
      logs: { [`${NS}/web-5b7c9d4f6d-x2k9p`]: changes.log ?? growing },
      nodeMemoryPercent: { 'node-1': changes.nodePercent ?? 50 },
    };
  };

  it.each([
    ['256Mi', '384Mi'],
    ['200Mi', '320Mi'],
    ['1Gi', '1.5Gi'],
  ])('raises %s to %s, and says that it cures nothing', (limit, raised) => {
    const remedy = remedyOf(choose(cluster({ limit }), alert));
    expect(remedy.change).toEqual({ what: 'memory limit of container app', from: limit, to: raised });
    expect(remedy.cures).toBe(false);
    expect(writeManifest(remedy)).toContain(`memory: ${raised}`);
  });

  it.each([
    ['no growth was seen', cluster({ log: 'ready\nserving' }), /not seen in its log/],
    ['the node is full', cluster({ nodePercent: 91 }), /little memory to spare/],
    ['the limit is high already', cluster({ limit: '3Gi' }), /high already/],
    ['the limit has changed since', cluster({ template: '512Mi' }), /somebody is changing it/],
  ] as const)('changes nothing when %s', (_name, given, why) => {
    expect(because(choose(given, alert))).toMatch(why);
  });
});
