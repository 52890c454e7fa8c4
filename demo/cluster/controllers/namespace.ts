import { type Change, type ClusterView, newMeta } from '../change.ts';
import { resourceInfos } from '../kinds/resources.ts';

/** Empties and removes namespaces being deleted; gives every other one its default ServiceAccount and root CA. */
export function reconcileNamespaces(view: ClusterView): Change[] {
  return view.list('namespaces').flatMap(({ metadata }) => {
    const namespace = metadata.name;
    if (metadata.deletionTimestamp) return empty(view, namespace);
    if (view.get('serviceaccounts', namespace, 'default')) return [];
    return [
      {
        op: 'create',
        resource: 'serviceaccounts',
        object: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: newMeta('default', namespace) },
      },
    ];
  });
}

function empty(view: ClusterView, namespace: string): Change[] {
  const contents = resourceInfos
    .filter((entry) => entry.namespaced)
    .flatMap(({ resource }) =>
      view.list(resource, namespace).map((object) => ({ resource, name: object.metadata.name })),
    );
  if (contents.length === 0)
    return [{ op: 'delete', resource: 'namespaces', namespace: undefined, name: namespace }];
  return contents.map(({ resource, name }) => ({ op: 'delete', resource, namespace, name, graceMs: 0 }));
}
