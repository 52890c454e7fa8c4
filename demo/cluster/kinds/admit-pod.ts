import { qosClassOf } from '../pods.ts';
import type { Container, Pod } from './schema.ts';

/** What defaulting and the built-in admission plugins add to a pod. */
export function admitPod(pod: Pod): Pod {
  const qosClass = qosClassOf(pod.spec);
  const tolerations = [...(pod.spec.tolerations ?? [])];
  const add = (key: string, effect: string, extra: Record<string, unknown> = {}) => {
    if (!tolerations.some((entry) => entry.key === key && entry.effect === effect)) {
      tolerations.push({ key, operator: 'Exists', effect, ...extra });
    }
  };
  add('node.kubernetes.io/not-ready', 'NoExecute', { tolerationSeconds: 300 });
  add('node.kubernetes.io/unreachable', 'NoExecute', { tolerationSeconds: 300 });
  // Every pod that is not best effort tolerates memory pressure, so a burstable pod returns to a pressed node.
  if (qosClass !== 'BestEffort') add('node.kubernetes.io/memory-pressure', 'NoSchedule');
  return {
    ...pod,
    spec: {
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: 'default',
      schedulerName: 'default-scheduler',
      enableServiceLinks: true,
      priority: 0,
      preemptionPolicy: 'PreemptLowerPriority',
      ...pod.spec,
      containers: pod.spec.containers.map(admitContainer),
      tolerations,
    },
    status: { ...pod.status, phase: pod.status.phase || 'Pending', qosClass },
  };
}

function admitContainer(container: Container): Container {
  const isLatest = !/[:@][^/]+$/.test(container.image) || container.image.endsWith(':latest');
  return {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: isLatest ? 'Always' : 'IfNotPresent',
    ...container,
    ports: container.ports?.map((port) => ({ protocol: 'TCP', ...port })),
  };
}
