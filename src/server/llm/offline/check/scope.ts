import type { Facts } from '../facts.ts';
import { type Focus, findNamespaces } from '../focus.ts';
import type { Subject } from '../read-alert.ts';
import { reachesNobody } from './trouble.ts';

/** What a check looks at: these namespaces, or everything where none is named. */
export interface CheckScope {
  namespaces: string[];
  /** Whether it is settled: a word is only known to be a namespace when the cluster's are known. */
  known: boolean;
}

const EVERYWHERE =
  /\b(whole|entire|complete|full) cluster\b|\bcluster-wide\b|\b(all|every|each|any) (?:of the |the )?namespaces?\b/i;

export function readScope(alert: string, subject: Subject, facts: Facts): CheckScope {
  if (subject.namespaces.length > 0) return { namespaces: subject.namespaces, known: true };
  if (EVERYWHERE.test(alert)) return { namespaces: [], known: true };
  return { namespaces: findNamespaces(subject, facts), known: facts.namespaces.length > 0 };
}

export const inScope = ({ namespaces }: CheckScope, namespace: string): boolean =>
  namespaces.length === 0 || namespaces.includes(namespace);

/** A check is about no object in particular; Services that reach nobody are looked at like those that an alert names. */
export function focusOfCheck(scope: CheckScope, facts: Facts): Focus {
  const services = facts.services.filter(
    (service) =>
      inScope(scope, service.namespace) &&
      Object.keys(service.selector).length > 0 &&
      reachesNobody(service, facts),
  );
  return {
    namespaces: scope.namespaces,
    pods: [],
    services,
    claims: [],
    nodes: [],
    workloads: [],
    specific: false,
  };
}
