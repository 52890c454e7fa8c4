import { type Change, type ClusterView, eventAbout, newMeta, referenceTo } from '../change.ts';
import type { Claim, KindMap } from '../kinds/schema.ts';
import { CLAIM_RETRY_MS } from '../tunables.ts';

const COMPONENT = 'persistentvolume-controller';
const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

/** Provisions and binds claims whose storage class exists; says why the others wait. */
export function bindClaims(view: ClusterView): Change[] {
  return view.list('persistentvolumeclaims').flatMap((claim) => {
    if (claim.metadata.deletionTimestamp || claim.status.phase === 'Bound') return [];
    return bindOne(view, claim);
  });
}

function bindOne(view: ClusterView, claim: Claim): Change[] {
  const classes = view.list('storageclasses');
  const fallback = classes.find((entry) => entry.metadata.annotations?.[DEFAULT_CLASS] === 'true');
  const className = claim.spec.storageClassName ?? fallback?.metadata.name;
  if (!className) {
    return wait(
      view,
      claim,
      'Normal',
      'FailedBinding',
      'no persistent volumes available for this claim and no storage class is set',
    );
  }
  const found = classes.find((entry) => entry.metadata.name === className);
  if (!found) {
    return wait(
      view,
      claim,
      'Warning',
      'ProvisioningFailed',
      `storageclass.storage.k8s.io "${className}" not found`,
    );
  }
  if (found.volumeBindingMode === 'WaitForFirstConsumer' && !hasConsumer(view, claim)) {
    return wait(
      view,
      claim,
      'Normal',
      'WaitForFirstConsumer',
      'waiting for first consumer to be created before binding',
    );
  }
  return provision(claim, found);
}

function hasConsumer(view: ClusterView, claim: Claim): boolean {
  return view
    .list('pods', claim.metadata.namespace)
    .some((pod) =>
      pod.spec.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === claim.metadata.name),
    );
}

function wait(
  view: ClusterView,
  claim: Claim,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): Change[] {
  const key = `${claim.metadata.uid}/claim`;
  const record = view.runtime(key);
  if (record && view.nowMs < record.nextAtMs) return [];
  return [
    eventAbout(referenceTo(claim, 'v1', 'PersistentVolumeClaim'), type, reason, message, COMPONENT),
    {
      op: 'runtime',
      key,
      record: {
        phase: 'claim',
        attempts: (record?.attempts ?? 0) + 1,
        nextAtMs: view.nowMs + CLAIM_RETRY_MS,
        eventAtMs: view.nowMs,
      },
    },
  ];
}

function provision(claim: Claim, storageClass: KindMap['storageclasses']): Change[] {
  const { name, namespace, uid } = claim.metadata;
  const volumeName = `pvc-${uid}`;
  const className = storageClass.metadata.name;
  const accessModes = claim.spec.accessModes ?? ['ReadWriteOnce'];
  const capacity = { storage: claim.spec.resources?.requests?.storage ?? '1Gi' };
  const volume: KindMap['persistentvolumes'] = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: newMeta(volumeName, undefined, {
      annotations: { 'pv.kubernetes.io/provisioned-by': storageClass.provisioner },
    }),
    spec: {
      capacity,
      accessModes,
      storageClassName: className,
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      volumeMode: 'Filesystem',
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid },
      csi: { driver: storageClass.provisioner, fsType: 'ext4', volumeHandle: volumeName },
    },
    status: { phase: 'Bound' },
  };
  const bound: Claim = {
    ...claim,
    metadata: {
      ...claim.metadata,
      annotations: { ...claim.metadata.annotations, 'pv.kubernetes.io/bind-completed': 'yes' },
    },
    spec: { ...claim.spec, accessModes, storageClassName: className, volumeName },
    status: { phase: 'Bound', accessModes, capacity },
  };
  const message = `Successfully provisioned volume ${volumeName}`;
  return [
    { op: 'create', resource: 'persistentvolumes', object: volume },
    { op: 'update', resource: 'persistentvolumeclaims', object: bound },
    eventAbout(
      referenceTo(claim, 'v1', 'PersistentVolumeClaim'),
      'Normal',
      'ProvisioningSucceeded',
      message,
      storageClass.provisioner,
    ),
    { op: 'runtime', key: `${uid}/claim`, record: undefined },
  ];
}
