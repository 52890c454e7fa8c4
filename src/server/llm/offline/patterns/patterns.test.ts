import { describe, expect, it } from 'vitest';
import { type Facts, noFacts } from '../facts.ts';
import type { Focus } from '../focus.ts';
import { gatherFacts } from '../gather-facts.ts';
import { texts } from '../json-access.ts';
import type { Exchange } from '../read-conversation.ts';
import { crashLoop, object, pod } from '../testing/fixture-objects.ts';
import { answerTool, type FixtureCluster } from '../testing/fixture-tools.ts';
import { findPendingClaim } from './claim-pending.ts';
import { findCrashLoop } from './crash-loop.ts';
import { findDependencyFailure } from './dependency-failure.ts';
import type { Finding, Pattern } from './finding.ts';
import { findImagePullFailure } from './image-pull.ts';
import { findLogConditions } from './log-conditions.ts';
import { findMissingConfig } from './missing-config.ts';
import { findNodeTrouble } from './node-trouble.ts';
import { findOutOfMemory } from './out-of-memory.ts';
import { findProbeFailure } from './probe-failure.ts';
import { findServiceWithoutEndpoints } from './service-endpoints.ts';
import { findUnreadableConfig } from './unreadable-config.ts';
import { findUnschedulable } from './unschedulable.ts';
import { findRefusedPods, findStuckWorkload } from './workload-trouble.ts';

const NS = 'team-a';
const UNFOCUSED: Omit<Focus, 'pods'> = {
  namespaces: [NS],
  services: [],
  claims: [],
  nodes: [],
  workloads: [],
  specific: false,
};

/** Reads everything there is in a fixture cluster, as if every look-up had been made. */
function factsOf(cluster: FixtureCluster): Facts {
  const kinds = [
    'Service',
    'PersistentVolumeClaim',
    'PersistentVolume',
    'StorageClass',
    'ReplicaSet',
    'ResourceQuota',
  ];
  const calls: [string, Record<string, unknown>][] = [
    ['pods_list_in_namespace', { namespace: NS }],
    ['events_list', {}],
    ['pods_top', {}],
    ...kinds.map((kind): [string, Record<string, unknown>] => ['resources_list', { kind }]),
    ...cluster.objects.map((item): [string, Record<string, unknown>] => {
      return ['resources_get', { kind: item.kind, ...texts(item, 'metadata'), labels: undefined }];
    }),
    ...Object.keys(cluster.logs ?? {}).map((key): [string, Record<string, unknown>] => {
      const [namespace, name = ''] = key.split('/');
      return [
        'pods_log',
        { namespace, name: name.replace('#previous', ''), previous: key.endsWith('#previous') },
      ];
    }),
  ];
  const exchanges = calls.map(([tool, args], index): Exchange => {
    const { text, failed } = answerTool(cluster, tool, args);
    return { id: `call-${index}`, toolName: `any__${tool}`, args, output: text, failed };
  });
  return gatherFacts(exchanges);
}

function run(pattern: Pattern, cluster: FixtureCluster): Finding[] {
  const facts = factsOf(cluster);
  return pattern({ facts, focus: { ...UNFOCUSED, pods: facts.pods } });
}

const one = (pattern: Pattern, cluster: FixtureCluster): Finding => {
  const findings = run(pattern, cluster);
  expect(findings).toHaveLength(1);
  const [finding] = findings;
  if (!finding) throw new Error('no finding');
  expect(finding.evidence.length).toBeGreaterThan(0);
  for (const item of finding.evidence) expect(item.toolCallRef).toMatch(/^call-\d+$/);
  return finding;
};

const event = (kind: string, name: string, reason: string, message: string) => ({
  namespace: NS,
  kind,
  name,
  reason,
  message,
});
const secretEnv = [{ name: 'API_KEY', valueFrom: { secretKeyRef: { name: 'keys', key: 'api' } } }];

describe('missing configuration', () => {
  const waiting = (message: string) => ({
    state: { waiting: { reason: 'CreateContainerConfigError', message } },
    ready: false,
  });

  it('names the key and the keys that exist', () => {
    const finding = one(findMissingConfig, {
      objects: [
        pod({
          namespace: NS,
          name: 'a-0',
          env: secretEnv,
          ...waiting(`couldn't find key api in Secret ${NS}/keys`),
        }),
        object('Secret', NS, 'keys', { data: { apikey: '[MASKED_SECRET]' } }),
      ],
    });
    expect(finding.cause).toContain('key `api` is missing from Secret team-a/keys');
    expect(finding.explanation).toContain('`apikey`');
    expect(finding.confidence).toBe('high');
  });

  it('names a ConfigMap that does not exist, from a mount event', () => {
    const finding = one(findMissingConfig, {
      objects: [
        pod({
          namespace: NS,
          name: 'a-0',
          phase: 'Pending',
          ready: false,
          state: { waiting: { reason: 'ContainerCreating' } },
        }),
      ],
      events: [
        event(
          'Pod',
          'a-0',
          'FailedMount',
          'MountVolume.SetUp failed for volume "conf" : configmap "app-conf" not found',
        ),
      ],
    });
    expect(finding.subject).toEqual({ kind: 'ConfigMap', namespace: NS, name: 'app-conf' });
  });

  it('connects a missing file in the log with the volume that should hold it', () => {
    const finding = one(findMissingConfig, {
      objects: [
        pod({
          namespace: NS,
          name: 'a-0',
          volumes: [{ name: 'v', secret: { secretName: 'tls' } }],
          volumeMounts: [{ name: 'v', mountPath: '/etc/tls' }],
          ...crashLoop(1),
        }),
        object('Secret', NS, 'tls', { data: { 'tls.crt': '[MASKED_SECRET]' } }),
      ],
      logs: { [`${NS}/a-0#previous`]: 'fatal: open /etc/tls/tls.key: no such file or directory' },
    });
    expect(finding.cause).toContain('key `tls.key` is missing from Secret team-a/tls');
  });

  it('stays silent for a healthy pod whose old event is still listed', () => {
    expect(
      run(findMissingConfig, {
        objects: [pod({ namespace: NS, name: 'a-0', env: secretEnv })],
        events: [event('Pod', 'a-0', 'Failed', 'Error: secret "keys" not found')],
      }),
    ).toEqual([]);
  });
});

describe('a value that cannot be read', () => {
  const line = 'FATAL config: TTL_SECONDS: strconv.Atoi: parsing "60s": invalid syntax';
  const logs = { [`${NS}/w-0#previous`]: `starting\n${line}` };
  const settings = object('ConfigMap', NS, 'settings', { data: { TTL_SECONDS: '60s', OTHER: '1' } });
  const env = [
    { name: 'TTL_SECONDS', valueFrom: { configMapKeyRef: { name: 'settings', key: 'TTL_SECONDS' } } },
  ];

  it('is named with the object that it comes from, and without the value', () => {
    const finding = one(findUnreadableConfig, {
      objects: [pod({ namespace: NS, name: 'w-0', env, ...crashLoop(1) }), settings],
      logs,
    });
    expect(finding.cause).toMatch(
      /`TTL_SECONDS`, which comes from ConfigMap team-a\/settings, cannot be parsed/,
    );
    expect(finding.confidence).toBe('high');
    expect(finding.remediation[1]?.command).toContain('"<value>"');
  });

  it('is not said to come from an object that has no such key', () => {
    const finding = one(findUnreadableConfig, {
      objects: [pod({ namespace: NS, name: 'w-0', ...crashLoop(1) }), settings],
      logs,
    });
    expect(finding).toMatchObject({ confidence: 'medium', subject: { kind: 'StatefulSet', name: 'w' } });
  });

  it('is not the cause where the program went on after it', () => {
    const later = Array.from({ length: 8 }, (_, index) => `request ${index}`).join('\n');
    expect(
      run(findUnreadableConfig, {
        objects: [pod({ namespace: NS, name: 'w-0', env, ...crashLoop(1) }), settings],
        logs: { [`${NS}/w-0#previous`]: `${line}\n${later}` },
      }),
    ).toEqual([]);
  });
});

describe('crash loop', () => {
  it('quotes the error of the application', () => {
    const finding = one(findCrashLoop, {
      objects: [pod({ namespace: NS, name: 'w-0', ...crashLoop(2) })],
      logs: { [`${NS}/w-0#previous`]: 'ok\npanic: index out of range [3]\ngoroutine 1 [running]:' },
    });
    expect(finding.cause).toContain('index out of range');
    expect(finding.confidence).toBe('medium');
  });
  it('says that it does not know without a telling line', () => {
    expect(
      one(findCrashLoop, { objects: [pod({ namespace: NS, name: 'w-0', ...crashLoop(2) })] }).confidence,
    ).toBe('low');
  });
  it('recognises a command that cannot be run', () => {
    const lastState = {
      terminated: {
        reason: 'StartError',
        exitCode: 128,
        message: 'exec: "servr": executable file not found in $PATH',
      },
    };
    expect(
      one(findCrashLoop, { objects: [pod({ namespace: NS, name: 'w-0', ...crashLoop(128), lastState })] })
        .cause,
    ).toContain('command cannot be run');
  });
  it('leaves OOM kills to their own pattern', () => {
    expect(
      run(findCrashLoop, { objects: [pod({ namespace: NS, name: 'w-0', ...crashLoop(137, 'OOMKilled') })] }),
    ).toEqual([]);
  });
});

describe('out of memory', () => {
  const killed = {
    objects: [
      pod({
        namespace: NS,
        name: 'm-0',
        resources: { limits: { memory: '1Gi' } },
        ...crashLoop(137, 'OOMKilled'),
      }),
    ],
  };
  it('tells a growing heap', () => {
    const log = [300, 500, 700, 900, 1010].map((mi) => `{"msg":"stats","heap_mib":${mi}}`).join('\n');
    expect(one(findOutOfMemory, { ...killed, logs: { [`${NS}/m-0#previous`]: log } }).cause).toContain(
      'growing heap',
    );
  });
  it('does not claim growth that it has not seen', () => {
    const finding = one(findOutOfMemory, {
      ...killed,
      logs: { [`${NS}/m-0#previous`]: 'heap_mib=900\nheap_mib=880\nheap_mib=910' },
      memoryMi: { [`${NS}/m-0`]: 950 },
    });
    expect(finding.cause).not.toContain('growing');
    expect(finding.explanation).toContain('too low');
  });
});

describe('image pull', () => {
  const pulling = (message: string) => ({
    objects: [
      pod({
        namespace: NS,
        name: 'i-0',
        image: 'reg.example/app:9',
        phase: 'Pending',
        ready: false,
        state: { waiting: { reason: 'ErrImagePull', message } },
      }),
    ],
  });
  it('keeps the decisive end of a long message', () => {
    const message = `${'failed to resolve reference: '.repeat(20)}reg.example/app:9: not found`;
    expect(one(findImagePullFailure, pulling(message)).evidence[0]?.quote).toMatch(/app:9: not found$/);
  });
  it.each([
    ['reg.example/app:9: not found', 'no such tag'],
    ['pull access denied: 401 Unauthorized, authentication required', 'credentials'],
    ['dial tcp: lookup reg.example: no such host', 'cannot be reached'],
    ['toomanyrequests: rate limit exceeded', 'limits the number'],
  ])('reads "%s"', (message, expected) => {
    expect(one(findImagePullFailure, pulling(message)).cause).toContain(expected);
  });
});

describe('service without endpoints', () => {
  const service = (selector: Record<string, string>, targetPort: string | number) =>
    object('Service', NS, 'svc', { spec: { selector, ports: [{ port: 80, targetPort }] } });
  it('compares a selector with the labels', () => {
    const finding = one(findServiceWithoutEndpoints, {
      objects: [
        pod({ namespace: NS, name: 'p-0', labels: { app: 'web', tier: 'front' } }),
        service({ app: 'web', tier: 'frontend' }, 8080),
      ],
    });
    expect(finding.cause).toContain('tier=frontend (pods have tier=front)');
  });
  it('finds a named port that no container has', () => {
    expect(
      one(findServiceWithoutEndpoints, {
        objects: [
          pod({
            namespace: NS,
            name: 'p-0',
            labels: { app: 'web' },
            ports: [{ name: 'web', containerPort: 1 }],
          }),
          service({ app: 'web' }, 'http'),
        ],
      }).depth,
    ).toBe(3);
  });
  it('says when no pod is ready', () => {
    expect(
      one(findServiceWithoutEndpoints, {
        objects: [
          pod({ namespace: NS, name: 'p-0', labels: { app: 'web' }, ready: false }),
          service({ app: 'web' }, 8080),
        ],
      }).cause,
    ).toContain('none of its 1 pod(s) is ready');
  });
  it('is content with a Service that works', () => {
    expect(
      run(findServiceWithoutEndpoints, {
        objects: [
          pod({ namespace: NS, name: 'p-0', labels: { app: 'web' }, ports: [{ containerPort: 8080 }] }),
          service({ app: 'web' }, 8080),
        ],
      }),
    ).toEqual([]);
  });
});

describe('pending claim', () => {
  const claim = (storageClassName: string | undefined) =>
    object('PersistentVolumeClaim', NS, 'c', {
      spec: { storageClassName, accessModes: ['ReadWriteOnce'] },
      status: { phase: 'Pending' },
    });
  const standard = object('StorageClass', '', 'standard', {
    provisioner: 'x',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
  it('finds a class that is not in the list, without any event', () => {
    expect(one(findPendingClaim, { objects: [claim('gold'), standard] }).cause).toContain(
      '`gold` does not exist',
    );
  });
  it('finds that no volume fits', () => {
    const events = [
      event(
        'PersistentVolumeClaim',
        'c',
        'FailedBinding',
        'no persistent volumes available for this claim and no storage class is set',
      ),
    ];
    expect(one(findPendingClaim, { objects: [claim(undefined), standard], events }).cause).toContain(
      'no volume fits',
    );
  });
  it('knows that a claim may wait for its first pod', () => {
    expect(one(findPendingClaim, { objects: [claim('standard'), standard] }).depth).toBe(1);
  });
  it('quotes another reason', () => {
    const events = [
      event('PersistentVolumeClaim', 'c', 'ProvisioningFailed', 'rpc error: quota of volumes reached'),
    ];
    expect(one(findPendingClaim, { objects: [claim('standard'), standard], events }).cause).toContain(
      'quota of volumes reached',
    );
  });
});

describe('unschedulable', () => {
  it.each([
    ['0/3 nodes are available: 3 Insufficient cpu.', 'CPU'],
    ['0/3 nodes are available: 1 node(s) had untolerated taint {a: b}, 2 Insufficient memory.', 'memory'],
    ["0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.", 'node selector'],
    ['0/3 nodes are available: 3 node(s) had untolerated taint {dedicated: gpu}.', 'taints'],
  ])('reads "%s"', (message, expected) => {
    const finding = one(findUnschedulable, {
      objects: [pod({ namespace: NS, name: 'u-0', node: '', phase: 'Pending', ready: false })],
      events: [event('Pod', 'u-0', 'FailedScheduling', message)],
    });
    expect(finding.cause).toContain(expected);
  });
});

describe('node trouble', () => {
  it('concerns pods that their silent node leaves behind as running', () => {
    const finding = one(findNodeTrouble, {
      objects: [
        object('Node', '', 'n1', {
          status: {
            conditions: [
              { type: 'Ready', status: 'Unknown', message: 'Kubelet stopped posting node status.' },
            ],
          },
        }),
        pod({ namespace: NS, name: 'agent-b7k2x', node: 'n1' }),
        pod({ namespace: NS, name: 'other-c8m4z', node: 'n1' }),
      ],
      events: [event('Pod', 'agent-b7k2x', 'NodeNotReady', 'Node is not ready')],
    });
    expect(finding.cause).toBe('Node n1 is not ready: its kubelet has stopped reporting.');
    expect(finding.affects.map(({ name }) => name)).toContain('agent-b7k2x');
    expect(finding.affects.map(({ name }) => name)).not.toContain('other-c8m4z');
  });
  const node = (conditions: unknown[]) => object('Node', '', 'n1', { status: { conditions } });
  it('finds disk pressure', () => {
    expect(
      one(findNodeTrouble, {
        objects: [
          node([
            { type: 'DiskPressure', status: 'True' },
            { type: 'Ready', status: 'True' },
          ]),
        ],
      }).cause,
    ).toContain('disk pressure');
  });
  it('finds a node that has stopped reporting', () => {
    expect(
      one(findNodeTrouble, {
        objects: [
          node([
            {
              type: 'Ready',
              status: 'Unknown',
              reason: 'NodeStatusUnknown',
              message: 'Kubelet stopped posting node status.',
            },
          ]),
        ],
      }).cause,
    ).toContain('stopped reporting');
  });
  it('is content with a node that is well', () => {
    expect(
      run(findNodeTrouble, {
        objects: [
          node([
            { type: 'MemoryPressure', status: 'False' },
            { type: 'Ready', status: 'True' },
          ]),
        ],
      }),
    ).toEqual([]);
  });
});

describe('probes', () => {
  const probed = { readinessProbe: { httpGet: { path: '/ready', port: 8080 } } };
  const refused = [
    event(
      'Pod',
      'p-0',
      'Unhealthy',
      'Readiness probe failed: Get "http://10.0.0.9:8080/ready": connect: connection refused',
    ),
  ];
  it('sees that the application listens elsewhere', () => {
    const finding = one(findProbeFailure, {
      objects: [pod({ namespace: NS, name: 'p-0', ready: false, ...probed })],
      events: refused,
      logs: { [`${NS}/p-0`]: 'server listening on :9090' },
    });
    expect(finding.cause).toContain('asks port 8080, while the application listens on port 9090');
    expect(finding.depth).toBe(3);
  });
  it('sees through a container that is up between two kills', () => {
    const killed = {
      objects: [
        pod({
          namespace: NS,
          name: 'p-0',
          restarts: 6,
          lastState: { terminated: { reason: 'Error', exitCode: 137 } },
          livenessProbe: { httpGet: { path: '/healthz', port: 8081 } },
        }),
      ],
      events: [
        event(
          'Pod',
          'p-0',
          'Unhealthy',
          'Liveness probe failed: Get "http://10.0.0.9:8081/healthz": connect: connection refused',
        ),
        event('Pod', 'p-0', 'Killing', 'Container app failed liveness probe, will be restarted'),
      ],
      logs: { [`${NS}/p-0`]: 'server listening on :8080' },
    };
    expect(one(findProbeFailure, killed).cause).toContain(
      'liveness probe asks port 8081, while the application listens on port 8080',
    );
    expect(run(findProbeFailure, { ...killed, events: killed.events.slice(0, 1) })).toEqual([]);
  });
  it('ignores a probe that failed once while the pod is ready now', () => {
    expect(
      run(findProbeFailure, { objects: [pod({ namespace: NS, name: 'p-0', ...probed })], events: refused }),
    ).toEqual([]);
  });
});

describe('dependencies', () => {
  it('finds a Service that does not exist', () => {
    const facts = factsOf({
      objects: [pod({ namespace: NS, name: 'd-0', ...crashLoop(1) })],
      logs: { [`${NS}/d-0#previous`]: 'error: getaddrinfo ENOTFOUND ledger-db.team-a.svc.cluster.local' },
    });
    facts.failures.push({
      ref: 'call-99',
      tool: 'resources_get',
      args: { kind: 'Service', namespace: NS, name: 'ledger-db' },
      reason: 'not_found',
      message: 'services "ledger-db" not found',
    });
    const [finding] = findDependencyFailure({ facts, focus: { ...UNFOCUSED, pods: [] } });
    expect(finding?.cause).toContain('Service team-a/ledger-db does not exist');
  });
  it('finds a wrong port', () => {
    const finding = one(findDependencyFailure, {
      objects: [
        pod({ namespace: NS, name: 'd-0', ...crashLoop(1) }),
        object('Service', NS, 'db', {
          spec: { selector: { app: 'db' }, ports: [{ port: 5432, targetPort: 5432 }] },
        }),
      ],
      logs: { [`${NS}/d-0#previous`]: 'fatal: connection refused: db:5433' },
    });
    expect(finding.cause).toContain('port 5433 of Service team-a/db, which offers 5432');
  });
});

describe('what only a log tells', () => {
  const crashing = { objects: [pod({ namespace: NS, name: 'l-0', ...crashLoop(1) })] };
  it.each([
    [
      'tls: failed to verify certificate: x509: certificate has expired or is not yet valid',
      'expired-certificate',
    ],
    ['write /var/data/wal: no space left on device', 'disk-full'],
    [
      'pods is forbidden: User "system:serviceaccount:team-a:reader" cannot list resource "pods" in API group ""',
      'rbac-forbidden',
    ],
  ])('reads "%s"', (line, expected) => {
    expect(one(findLogConditions, { ...crashing, logs: { [`${NS}/l-0#previous`]: line } }).pattern).toBe(
      expected,
    );
  });
});

describe('workloads', () => {
  it('finds a used-up quota', () => {
    const finding = one(findRefusedPods, {
      objects: [],
      events: [
        event(
          'ReplicaSet',
          'web-6d5f7c9b8',
          'FailedCreate',
          'Error creating: pods "web-6d5f7c9b8-x" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=10, limited: pods=10',
        ),
      ],
    });
    expect(finding.subject).toEqual({ kind: 'ResourceQuota', namespace: NS, name: 'compute' });
  });
  it('finds a failed Job and a stuck rollout as symptoms', () => {
    const job = object(
      'Job',
      NS,
      'nightly',
      {
        status: {
          failed: 4,
          conditions: [
            {
              type: 'Failed',
              status: 'True',
              reason: 'BackoffLimitExceeded',
              message: 'Job has reached the specified backoff limit',
            },
          ],
        },
      },
      'batch/v1',
    );
    const stuck = object(
      'Deployment',
      NS,
      'web',
      {
        status: {
          conditions: [
            { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'x' },
          ],
        },
      },
      'apps/v1',
    );
    expect(
      run(findStuckWorkload, { objects: [job, stuck] }).map((item) => [item.pattern, item.depth]),
    ).toEqual([
      ['failed-job', 1],
      ['rollout-stuck', 1],
    ]);
  });
});

it('finds nothing in nothing', () => {
  const patterns = [
    findMissingConfig,
    findCrashLoop,
    findOutOfMemory,
    findImagePullFailure,
    findServiceWithoutEndpoints,
    findPendingClaim,
    findUnschedulable,
    findNodeTrouble,
    findProbeFailure,
    findDependencyFailure,
    findLogConditions,
    findRefusedPods,
    findStuckWorkload,
  ];
  for (const pattern of patterns)
    expect(pattern({ facts: noFacts(), focus: { ...UNFOCUSED, pods: [] } })).toEqual([]);
});
