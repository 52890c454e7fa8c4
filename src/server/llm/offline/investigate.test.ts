import { describe, expect, it } from 'vitest';
import { createOfflineModel } from './index.ts';
import { crashLoop, object, pod } from './testing/fixture-objects.ts';
import { answerTool, type FixtureCluster, fixtureTools } from './testing/fixture-tools.ts';
import { type Run, runInvestigation } from './testing/run-investigation.ts';

const NAMESPACES = [object('Namespace', '', 'default'), object('Namespace', '', 'ledger')];

async function investigate(cluster: FixtureCluster, alert: string): Promise<Run> {
  const full = { ...cluster, objects: [...NAMESPACES, ...cluster.objects] };
  return runInvestigation(createOfflineModel({ paceMs: 0 }), fixtureTools('prod'), alert, (name, args) =>
    answerTool(full, name, args),
  );
}

/** Every reference in the answer is a call of the conversation, and no call was made twice. */
function expectSound(run: Run): void {
  const ids = run.calls.map((call) => call.id);
  for (const [, id] of run.text.matchAll(/\[tool: ([^\]]+)\]/g)) expect(ids).toContain(id);
  expect(new Set(run.calls.map((call) => JSON.stringify([call.name, call.args]))).size).toBe(
    run.calls.length,
  );
  expect(run.calls.every((call) => !/delete|exec|run|create|scale/.test(call.name))).toBe(true);
  expect(run.text).toContain('not by a language model');
}

const firstLine = (run: Run) => run.text.split('\n')[0] ?? '';

describe('the analyst over a whole investigation', () => {
  it('finds a missing Secret key behind a crash loop, from labels', async () => {
    const run = await investigate(
      {
        objects: [
          pod({
            namespace: 'ledger',
            name: 'posting-7c9d8f6b5-x2k9p',
            owner: 'posting-7c9d8f6b5',
            labels: { app: 'posting', 'pod-template-hash': '7c9d8f6b5' },
            env: [
              {
                name: 'DB_DSN',
                valueFrom: { secretKeyRef: { name: 'posting-db', key: 'dsn', optional: true } },
              },
            ],
            ...crashLoop(1),
          }),
          object('Secret', 'ledger', 'posting-db', {
            data: { url: '[MASKED_SECRET]', password: '[MASKED_SECRET]' },
          }),
        ],
        logs: {
          'ledger/posting-7c9d8f6b5-x2k9p#previous':
            'starting\nFATAL: required environment variable DB_DSN is not set\n',
        },
      },
      '{"labels":{"alertname":"KubePodCrashLooping","namespace":"ledger","pod":"posting-7c9d8f6b5-x2k9p"}}',
    );
    expectSound(run);
    expect(firstLine(run)).toMatch(/posting.*key `dsn` is missing from Secret ledger\/posting-db/);
    expect(run.text).toContain('required environment variable DB_DSN is not set');
    expect(run.text).toContain('**high**');
  });

  it('finds a Secret that does not exist, from prose only', async () => {
    const run = await investigate(
      {
        objects: [
          pod({
            namespace: 'ledger',
            name: 'reports-6f5d4c3b2-abcde',
            ready: false,
            env: [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'reports-api', key: 'token' } } }],
            state: {
              waiting: { reason: 'CreateContainerConfigError', message: 'secret "reports-api" not found' },
            },
          }),
        ],
        events: [
          {
            namespace: 'ledger',
            reason: 'Failed',
            kind: 'Pod',
            name: 'reports-6f5d4c3b2-abcde',
            message: 'Error: secret "reports-api" not found',
          },
        ],
      },
      'Hi, the reports application does not come up since this morning, please have a look',
    );
    expectSound(run);
    expect(firstLine(run)).toMatch(/Secret ledger\/reports-api does not exist/);
  });

  it('finds an OOM kill with a growing heap', async () => {
    const run = await investigate(
      {
        objects: [
          pod({
            namespace: 'ledger',
            name: 'indexer-0',
            resources: { limits: { memory: '256Mi' } },
            ...crashLoop(137, 'OOMKilled'),
          }),
        ],
        logs: {
          'ledger/indexer-0#previous': ['60', '110', '170', '230', '251']
            .map((mi) => `INFO heap used=${mi}Mi entries=${mi}00`)
            .join('\n'),
        },
      },
      'namespace: ledger\npod: indexer-0\nalertname: ContainerOOM',
    );
    expectSound(run);
    expect(firstLine(run)).toMatch(/indexer.*OOM-killed.*growing heap.*256Mi/);
    expect(run.text).toContain('used=251Mi');
  });

  it('finds a wrong image tag and the tag that ran before', async () => {
    const run = await investigate(
      {
        objects: [
          pod({
            namespace: 'ledger',
            name: 'fees-5d5d5d5d5d-qwert',
            owner: 'fees-5d5d5d5d5d',
            labels: { app: 'fees', 'pod-template-hash': '5d5d5d5d5d' },
            image: 'registry.example/fees:2.O.1',
            phase: 'Pending',
            ready: false,
            state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } },
          }),
          object(
            'ReplicaSet',
            'ledger',
            'fees-4c4c4c4c4c',
            {
              spec: {
                replicas: 2,
                template: { spec: { containers: [{ image: 'registry.example/fees:2.0.0' }] } },
              },
              status: { readyReplicas: 2 },
            },
            'apps/v1',
          ),
        ],
        events: [
          {
            namespace: 'ledger',
            reason: 'Failed',
            kind: 'Pod',
            name: 'fees-5d5d5d5d5d-qwert',
            message:
              'Failed to pull image "registry.example/fees:2.O.1": rpc error: code = NotFound desc = registry.example/fees:2.O.1: not found',
          },
        ],
      },
      'KubeDeploymentRolloutStuck: Deployment ledger/fees rollout is not progressing. namespace=ledger deployment=fees',
    );
    expectSound(run);
    expect(firstLine(run)).toMatch(/fees:2\.O\.1.*not found/);
    expect(run.text).toContain('fees:2.0.0');
  });

  it('finds a renamed port behind a Service without endpoints', async () => {
    const run = await investigate(
      {
        objects: [
          pod({
            namespace: 'ledger',
            name: 'quotes-8b8b8b8b8b-zxcvb',
            labels: { app: 'quotes' },
            ports: [{ name: 'web', containerPort: 9090 }],
          }),
          object('Service', 'ledger', 'quotes', {
            spec: { selector: { app: 'quotes' }, ports: [{ port: 80, targetPort: 'http' }] },
          }),
          object('Endpoints', 'ledger', 'quotes', {}),
        ],
      },
      'labels: {alertname="ServiceDown", namespace="ledger", service="quotes"}',
    );
    expectSound(run);
    expect(firstLine(run)).toMatch(/Service ledger\/quotes.*target port `http`.*`web` \(9090\)/);
  });

  it('finds the missing storage class of a claim', async () => {
    const run = await investigate(
      {
        objects: [
          pod({
            namespace: 'ledger',
            name: 'archive-0',
            node: '',
            phase: 'Pending',
            ready: false,
            volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data-archive-0' } }],
          }),
          object('PersistentVolumeClaim', 'ledger', 'data-archive-0', {
            spec: { storageClassName: 'fast-nvme' },
            status: { phase: 'Pending' },
          }),
          object('StorageClass', '', 'standard', { provisioner: 'csi.example' }, 'storage.k8s.io/v1'),
        ],
        events: [
          {
            namespace: 'ledger',
            reason: 'ProvisioningFailed',
            kind: 'PersistentVolumeClaim',
            name: 'data-archive-0',
            message: 'storageclass.storage.k8s.io "fast-nvme" not found',
          },
          {
            namespace: 'ledger',
            reason: 'FailedScheduling',
            kind: 'Pod',
            name: 'archive-0',
            message: '0/4 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
          },
        ],
      },
      '{"alertname":"KubePodNotReady","namespace":"ledger","pod":"archive-0"}',
    );
    expectSound(run);
    expect(firstLine(run)).toMatch(/data-archive-0.*storage class `fast-nvme` does not exist/);
  });

  it('finds the node whose memory pressure evicts pods, and the largest user', async () => {
    const evicted =
      'The node was low on resource: memory. Threshold quantity: 100Mi, available: 40Mi. Container app was using 300Mi, request is 64Mi.';
    const run = await investigate(
      {
        objects: [
          pod({
            namespace: 'ledger',
            name: 'mailer-6b6b6b6b6b-plmok',
            node: 'blue-2',
            phase: 'Failed',
            ready: false,
            reason: 'Evicted',
            message: evicted,
            state: { terminated: { exitCode: 137, reason: 'Error' } },
          }),
          pod({
            namespace: 'default',
            name: 'cruncher-1',
            node: 'blue-2',
            resources: { requests: { memory: '128Mi' } },
          }),
          object('Node', '', 'blue-2', {
            status: {
              conditions: [
                {
                  type: 'MemoryPressure',
                  status: 'True',
                  reason: 'KubeletHasInsufficientMemory',
                  message: 'kubelet has insufficient memory available',
                },
                { type: 'Ready', status: 'True' },
              ],
            },
          }),
        ],
        events: [
          {
            namespace: 'ledger',
            reason: 'Evicted',
            kind: 'Pod',
            name: 'mailer-6b6b6b6b6b-plmok',
            message: evicted,
          },
        ],
        memoryMi: { 'default/cruncher-1': 5200 },
        nodeMemoryPercent: { 'blue-2': 96 },
      },
      'KubeNodePressure: node=blue-2 condition=MemoryPressure',
    );
    expectSound(run);
    expect(firstLine(run)).toMatch(/Node blue-2 is under memory pressure.*cruncher-1/);
  });

  it('follows a refused connection to the pod that is the cause', async () => {
    const run = await investigate(
      {
        objects: [
          pod({ namespace: 'ledger', name: 'api-5f5f5f5f5f-aaaaa', labels: { app: 'api' }, ...crashLoop(1) }),
          pod({
            namespace: 'ledger',
            name: 'pg-0',
            labels: { app: 'pg' },
            ready: false,
            state: {
              waiting: {
                reason: 'CreateContainerConfigError',
                message: `couldn't find key admin in Secret ledger/pg-auth`,
              },
            },
            env: [{ name: 'PGPASSWORD', valueFrom: { secretKeyRef: { name: 'pg-auth', key: 'admin' } } }],
          }),
          object('Service', 'ledger', 'pg', {
            spec: { selector: { app: 'pg' }, ports: [{ port: 5432, targetPort: 5432 }] },
          }),
          object('Secret', 'ledger', 'pg-auth', { data: { user: '[MASKED_SECRET]' } }),
        ],
        logs: {
          'ledger/api-5f5f5f5f5f-aaaaa#previous':
            'panic: dial tcp 10.96.0.14:5432: connect: connection refused (host=pg:5432)',
        },
      },
      '{"namespace":"ledger","deployment":"api"}',
    );
    expectSound(run);
    expect(firstLine(run)).toMatch(/key `admin` is missing from Secret ledger\/pg-auth/);
    expect(run.text).toContain('connection refused');
  });

  it('invents nothing for a healthy workload', async () => {
    const run = await investigate(
      {
        objects: [
          pod({ namespace: 'ledger', name: 'web-5f5f5f5f5f-bbbbb', labels: { app: 'web' } }),
          object('Service', 'ledger', 'web', {
            spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
          }),
          object('Node', '', 'node-1', { status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
        ],
      },
      '{"namespace":"ledger","deployment":"web","alertname":"SomethingOdd"}',
    );
    expectSound(run);
    expect(firstLine(run)).toMatch(/^No fault found/);
    expect(run.text).toContain('web-5f5f5f5f5f-bbbbb');
  });

  it('tells of trouble that is over from the events of pods that are gone', async () => {
    const message = 'Failed to pull image "registry.example/app:2.0": not found';
    const event = (reason: string, text: string) => ({
      namespace: 'ledger',
      type: 'Warning',
      reason,
      kind: 'Pod',
      name: 'web-7d7d7d7d7d-ccccc',
      message: text,
    });
    const run = await investigate(
      {
        objects: [
          pod({ namespace: 'ledger', name: 'web-5f5f5f5f5f-bbbbb', labels: { app: 'web' } }),
          object('Node', '', 'node-1', { status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
        ],
        events: [event('Failed', message), event('BackOff', 'Back-off pulling image')],
      },
      '{"namespace":"ledger","deployment":"web","alertname":"KubeDeploymentRolloutStuck"}',
    );
    expectSound(run);
    expect(firstLine(run)).toMatch(/^No fault found now: .* healthy again/);
    expect(run.text).toContain(`Earlier it was reported: "Failed: ${message}".`);
    expect(run.text).not.toContain('Back-off');
  });

  it('says so when no tool that it knows is offered', async () => {
    const run = await runInvestigation(
      createOfflineModel({ paceMs: 0 }),
      [{ type: 'function', name: 'wiki__search', inputSchema: { type: 'object' } }],
      '{"namespace":"ledger"}',
      () => ({ text: '', failed: false }),
    );
    expect(run.calls).toEqual([]);
    expect(firstLine(run)).toMatch(/^I do not know/);
    expect(run.text).toContain('None of the offered tools');
  });
});
