import { describe, expect, it } from 'vitest';
import { gatherFacts } from '../gather-facts.ts';
import type { Exchange } from '../read-conversation.ts';
import { crashLoop, object, pod } from '../testing/fixture-objects.ts';
import { answerTool } from '../testing/fixture-tools.ts';
import { findBlockingPolicy } from './network-policy.ts';

const NS = 'team-a';
const TIMEOUT = 'FATAL no database: dial tcp 10.0.0.9:5432: i/o timeout host=db.team-a.svc:5432';

const policy = (spec: Record<string, unknown>, name = 'db-clients') =>
  object('NetworkPolicy', NS, name, { spec: { podSelector: { matchLabels: { app: 'db' } }, ...spec } });
const from = (...peers: unknown[]) => ({ ingress: [{ from: peers }] });
const pods = (labels: Record<string, string>) => ({ podSelector: { matchLabels: labels } });
const namespaces = (labels: Record<string, string>) => ({ namespaceSelector: { matchLabels: labels } });

function find(policies: Record<string, unknown>[], { line = TIMEOUT, isListed = true } = {}) {
  const cluster = {
    objects: [
      pod({ namespace: NS, name: 'api-0', labels: { app: 'api' }, ...crashLoop(3) }),
      pod({ namespace: NS, name: 'db-0', labels: { app: 'db' } }),
      object('Service', NS, 'db', {
        spec: { selector: { app: 'db' }, ports: [{ port: 5432, targetPort: 'pg' }] },
      }),
      ...policies,
    ],
    logs: { [`${NS}/api-0#previous`]: line },
  };
  const calls: [string, Record<string, unknown>][] = [
    ['pods_list_in_namespace', { namespace: NS }],
    ['pods_get', { namespace: NS, name: 'api-0' }],
    ['pods_log', { namespace: NS, name: 'api-0', previous: true }],
    ['resources_get', { kind: 'Service', namespace: NS, name: 'db' }],
    ...(isListed
      ? [
          ['resources_list', { kind: 'NetworkPolicy', namespace: NS }] satisfies [
            string,
            Record<string, unknown>,
          ],
        ]
      : []),
    ...policies.map((item): [string, Record<string, unknown>] => [
      'resources_get',
      { kind: 'NetworkPolicy', namespace: NS, name: Object(item).metadata.name },
    ]),
  ];
  const facts = gatherFacts(
    calls.map(([tool, args], index): Exchange => {
      const { text, failed } = answerTool(cluster, tool, args);
      return { id: `call-${index}`, toolName: `any__${tool}`, args, output: text, failed };
    }),
  );
  const focus = {
    namespaces: [NS],
    pods: [],
    services: [],
    claims: [],
    nodes: [],
    workloads: [],
    specific: false,
  };
  return findBlockingPolicy({ facts, focus });
}

describe('a policy that keeps the caller out is named, with whom it admits', () => {
  it.each<[string, Record<string, unknown>, string]>([
    [
      'another namespace',
      from(namespaces({ 'kubernetes.io/metadata.name': 'prod' })),
      'kubernetes.io/metadata.name=prod',
    ],
    ['other pods', from(pods({ app: 'web' })), 'pods labelled app=web of the same namespace'],
    [
      'pods of here that are both',
      from({ ...namespaces({ 'kubernetes.io/metadata.name': NS }), ...pods({ app: 'web' }) }),
      'app=web',
    ],
    ['nobody', { policyTypes: ['Ingress'] }, 'it admits nobody'],
  ])('%s', (_name, spec, words) => {
    const [finding] = find([policy(spec)]);
    expect(finding?.cause).toContain(
      'cannot reach Service team-a/db because NetworkPolicy team-a/db-clients',
    );
    expect(finding?.cause).toContain(words);
    expect(finding?.evidence.map(({ quote }) => quote)).toContain(TIMEOUT);
    expect(finding?.subject).toEqual({ kind: 'NetworkPolicy', namespace: NS, name: 'db-clients' });
  });
});

describe('nothing is said', () => {
  it.each<[string, Record<string, unknown>]>([
    ['where the caller is admitted', from(pods({ app: 'api' }))],
    ['where every namespace is', from({ namespaceSelector: {} })],
    ['where everybody is, to the port', { ingress: [{ ports: [{ port: 'pg' }] }] }],
    ['of a label of the namespace that was not read', from(namespaces({ team: 'a' }))],
    ['of expressions', from({ podSelector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] } })],
    ['of addresses', from({ ipBlock: { cidr: '10.0.0.0/8' } })],
    ['of a policy for other pods', { podSelector: { matchLabels: { app: 'web' } } }],
    ['of a policy for what goes out', { policyTypes: ['Egress'] }],
  ])('%s', (_name, spec) => expect(find([policy(spec)])).toEqual([]));

  it('where a second policy admits the caller: they add up', () => {
    expect(find([policy({}), policy(from(pods({ app: 'api' })), 'others')])).toEqual([]);
  });

  it('where not all policies were seen, or the connection was refused', () => {
    expect(find([policy({})], { isListed: false })).toEqual([]);
    expect(find([policy({})], { line: TIMEOUT.replace('i/o timeout', 'connection refused') })).toEqual([]);
  });
});
