import type { LabelSelector, PolicyFact, PolicyPeer, PolicyRule } from './facts.ts';
import { dig, list, str, texts } from './json-access.ts';

/** What a NetworkPolicy says about who may come in. */
export function readPolicy(object: Record<string, unknown>, ref: string): PolicyFact {
  const types = list(object, 'spec', 'policyTypes');
  const rules = list(object, 'spec', 'ingress').map(readRule);
  return {
    ref,
    namespace: str(object, 'metadata', 'namespace'),
    name: str(object, 'metadata', 'name'),
    selector: readSelector(dig(object, 'spec', 'podSelector')) ?? { labels: {}, isPartial: false },
    // Without policyTypes every policy is about what comes in.
    isIngress: types.length === 0 || types.includes('Ingress'),
    rules,
    detailed: true,
    quote: `ingress: ${rules.map(describeRule).join('; or ') || 'nobody'}`,
  };
}

function readRule(rule: unknown): PolicyRule {
  const peers = list(rule, 'from').map(readPeer);
  const ports = list(rule, 'ports').map((port) => str(port, 'port'));
  return {
    peers: peers.length === 0 ? null : peers,
    // A port entry without a port means every port of its protocol.
    ports: ports.length === 0 || ports.includes('') ? null : ports,
  };
}

const readPeer = (peer: unknown): PolicyPeer => ({
  namespaces: readSelector(dig(peer, 'namespaceSelector')),
  pods: readSelector(dig(peer, 'podSelector')),
  addresses: str(peer, 'ipBlock', 'cidr'),
});

function readSelector(selector: unknown): LabelSelector | null {
  if (selector === undefined || selector === null) return null;
  return {
    labels: texts(selector, 'matchLabels'),
    isPartial: list(selector, 'matchExpressions').length > 0,
  };
}

/** Whom a rule admits, in words. */
export function describeRule({ peers, ports }: PolicyRule): string {
  const who = peers === null ? 'everybody' : peers.map(describePeer).join(' or ');
  return ports === null ? who : `${who}, to port ${ports.join(', ')}`;
}

function describePeer({ namespaces, pods, addresses }: PolicyPeer): string {
  if (addresses !== '') return `addresses in ${addresses}`;
  const from = namespaces === null ? 'the same namespace' : `namespaces ${describeSelector(namespaces)}`;
  return pods === null ? from : `pods ${describeSelector(pods)} of ${from}`;
}

function describeSelector({ labels, isPartial }: LabelSelector): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  if (pairs.length === 0) return isPartial ? 'with certain labels' : 'of any kind';
  return `labelled ${pairs.join(', ')}${isPartial ? ' and more' : ''}`;
}
