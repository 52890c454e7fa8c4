import type { Facts, ServicePort } from './facts.ts';
import { podFromRow } from './parse-pod.ts';
import { parseLabels, type TableRow } from './parse-table.ts';

/** Adds what one line of a table of `kind` says to the facts. */
export function addRow(facts: Facts, kind: string, row: TableRow, ref: string): void {
  const { namespace, name, line: quote, cells } = row;
  if (name === '') return;
  switch (kind) {
    case 'Pod':
      facts.pods.push(podFromRow(row, ref));
      return;
    case 'Namespace':
      facts.namespaces.push(name);
      return;
    case 'Service':
      facts.services.push({
        ref,
        namespace,
        name,
        quote,
        type: cells.TYPE ?? '',
        selector: parseLabels(cells.SELECTOR ?? ''),
        ports: servicePorts(cells['PORT(S)'] ?? ''),
        detailed: false,
      });
      return;
    case 'Endpoints': {
      const addresses = (cells.ENDPOINTS ?? '').split(',').filter((part) => part.trim() !== '');
      facts.endpoints.push({ ref, namespace, service: name, ready: addresses.length, notReady: 0, quote });
      return;
    }
    case 'EndpointSlice': {
      const addresses = (cells.ENDPOINTS ?? '').split(',').filter((part) => part.trim() !== '');
      const served = (cells.PORTS ?? '') === '' ? 0 : addresses.length;
      facts.endpoints.push({
        ref,
        namespace,
        quote,
        ready: served,
        notReady: 0,
        service: row.labels['kubernetes.io/service-name'] ?? name.replace(/-[a-z0-9]{5}$/, ''),
      });
      return;
    }
    case 'Node':
      facts.nodes.push({
        ref,
        name,
        quote,
        status: cells.STATUS ?? '',
        conditions: [],
        taints: [],
        unschedulable: (cells.STATUS ?? '').includes('SchedulingDisabled'),
        allocatable: {},
        labels: row.labels,
        detailed: false,
      });
      return;
    default:
      addStorageOrWorkload(facts, kind, row, ref);
  }
}

function addStorageOrWorkload(facts: Facts, kind: string, row: TableRow, ref: string): void {
  const { namespace, name, line: quote, cells } = row;
  switch (kind) {
    case 'NetworkPolicy':
      facts.policies.push({
        ref,
        namespace,
        name,
        quote,
        selector: { labels: {}, isPartial: true },
        isIngress: true,
        rules: [],
        detailed: false,
      });
      return;
    case 'PersistentVolumeClaim':
      facts.claims.push({
        ref,
        namespace,
        name,
        quote,
        phase: cells.STATUS ?? '',
        storageClass: cells.STORAGECLASS ?? '',
        volumeName: cells.VOLUME ?? '',
        accessModes: (cells['ACCESS MODES'] ?? '').split(','),
        request: cells.CAPACITY ?? '',
      });
      return;
    case 'PersistentVolume':
      facts.volumes.push({
        ref,
        name,
        quote,
        phase: cells.STATUS ?? '',
        storageClass: cells.STORAGECLASS ?? '',
        capacity: cells.CAPACITY ?? '',
      });
      return;
    case 'StorageClass':
      facts.storageClasses.push({
        ref,
        quote,
        name: name.replace(/ \(default\)$/, ''),
        provisioner: cells.PROVISIONER ?? '',
        bindingMode: cells.VOLUMEBINDINGMODE ?? '',
        isDefault: name.endsWith('(default)'),
      });
      return;
    case 'ResourceQuota':
      facts.quotas.push({ ref, namespace, name, quote });
      return;
    default:
      addWorkloadRow(facts, kind, row, ref);
  }
}

function addWorkloadRow(facts: Facts, kind: string, row: TableRow, ref: string): void {
  if (!['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job'].includes(kind)) return;
  const { cells } = row;
  const slash = (cells.READY ?? cells.COMPLETIONS ?? '').match(/^(\d+)\/(\d+)/);
  const ready = Number(slash?.[1] ?? cells.READY ?? 0) || 0;
  facts.workloads.push({
    ref,
    kind,
    namespace: row.namespace,
    name: row.name,
    desired: Number(slash?.[2] ?? cells.DESIRED ?? 0) || 0,
    ready,
    updated: Number(cells['UP-TO-DATE'] ?? 0) || 0,
    images: (cells.IMAGES ?? '').split(',').filter((image) => image !== ''),
    template: null,
    labels: row.labels,
    selector: parseLabels(cells.SELECTOR ?? ''),
    owner: kind === 'ReplicaSet' ? row.name.replace(/-[a-z0-9]+$/, '') : '',
    revision: 0,
    conditions: [],
    failed: kind === 'Job' && cells.STATUS === 'Failed' ? 1 : 0,
    succeeded: kind === 'Job' ? ready : 0,
    detailed: false,
    quote: row.line,
  });
}

function servicePorts(text: string): ServicePort[] {
  return text.split(',').flatMap((part) => {
    const [, port, protocol = 'TCP'] = part.match(/^(\d+)(?::\d+)?(?:\/([A-Z]+))?/) ?? [];
    return port === undefined ? [] : [{ name: '', port: Number(port), targetPort: '', protocol }];
  });
}
