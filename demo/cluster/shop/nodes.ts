import type { Manifest } from './workloads.ts';

/** Four workers; the last one is the batch pool. */
const NODES = [
  { name: 'worker-1', pool: 'general', zone: 'eu-central-1a', memory: '8145576Ki' },
  { name: 'worker-2', pool: 'general', zone: 'eu-central-1b', memory: '8145576Ki' },
  { name: 'worker-3', pool: 'general', zone: 'eu-central-1c', memory: '8145576Ki' },
  { name: 'worker-4', pool: 'batch', zone: 'eu-central-1a', memory: '4030184Ki' },
];

function node(entry: (typeof NODES)[number], index: number): Manifest {
  const allocatable = `${Number.parseInt(entry.memory, 10) - 307_200}Ki`;
  const amounts = { cpu: '4', 'ephemeral-storage': '83873772Ki', pods: '110' };
  const ip = `10.0.${index + 1}.11`;
  return {
    resource: 'nodes',
    object: {
      metadata: {
        name: entry.name,
        labels: {
          'kubernetes.io/arch': 'amd64',
          'kubernetes.io/os': 'linux',
          'kubernetes.io/hostname': entry.name,
          'node-role.kubernetes.io/worker': '',
          'node.kubernetes.io/instance-type': entry.pool === 'batch' ? 'c6i.large' : 'm6i.large',
          'topology.kubernetes.io/region': 'eu-central-1',
          'topology.kubernetes.io/zone': entry.zone,
          pool: entry.pool,
        },
      },
      spec: {
        podCIDR: `10.244.${index + 1}.0/24`,
        podCIDRs: [`10.244.${index + 1}.0/24`],
        providerID: `aws:///${entry.zone}/i-0a4c${index}f2d17e`,
      },
      status: {
        capacity: { ...amounts, memory: entry.memory },
        allocatable: { ...amounts, cpu: '3920m', memory: allocatable },
        addresses: [
          { type: 'InternalIP', address: ip },
          { type: 'Hostname', address: entry.name },
        ],
        nodeInfo: {
          architecture: 'amd64',
          operatingSystem: 'linux',
          osImage: 'Ubuntu 24.04.2 LTS',
          kernelVersion: '6.8.0-1031-aws',
          containerRuntimeVersion: 'containerd://1.7.27',
          kubeletVersion: 'v1.33.4',
          kubeProxyVersion: 'v1.33.4',
        },
      },
    },
  };
}

/** The nodes' manifests. */
export const nodeManifests: Manifest[] = NODES.map(node);
