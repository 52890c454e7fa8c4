import type { Reconcile } from '../change.ts';
import { reconcileCronJobs } from './cron-job.ts';
import { reconcileDaemonSets } from './daemon-set.ts';
import { reconcileDeployments } from './deployment.ts';
import { reconcileEndpoints } from './endpoints.ts';
import { collectGarbage } from './garbage.ts';
import { reconcileJobs } from './job.ts';
import { reconcileNamespaces } from './namespace.ts';
import { reconcileNodes } from './node-lifecycle.ts';
import { reconcileReplicaSets } from './replica-set.ts';
import { schedulePods } from './scheduler.ts';
import { reconcileStatefulSets } from './stateful-set.ts';
import { bindClaims } from './volume-binder.ts';

/** All controllers in the order in which a tick runs them. */
export const controllers: Reconcile[] = [
  reconcileNamespaces,
  collectGarbage,
  reconcileNodes,
  reconcileCronJobs,
  reconcileJobs,
  reconcileDeployments,
  reconcileReplicaSets,
  reconcileStatefulSets,
  reconcileDaemonSets,
  bindClaims,
  schedulePods,
  reconcileEndpoints,
];
