import { parseKind } from './kinds/parse-kind.ts';
import { groupVersionOf, infoOf } from './kinds/resources.ts';
import type { Resource } from './kinds/schema.ts';
import { applyMergePatch } from './patch.ts';
import type { Simulation } from './simulation.ts';

/** A change of the cluster as data, in the words of kubectl; patches are JSON merge patches. */
export type ManifestChange =
  | { action: 'create'; resource: Resource; object: Record<string, unknown> }
  | {
      action: 'patch';
      resource: Resource;
      namespace?: string | undefined;
      name: string;
      patch: Record<string, unknown>;
    }
  | { action: 'delete'; resource: Resource; namespace?: string | undefined; name: string };

/** Validates and stores a manifest; one that exists already is left alone. */
export function installManifest(
  simulation: Simulation,
  resource: Resource,
  object: Record<string, unknown>,
): void {
  const info = infoOf(resource);
  const parsed = parseKind(resource, { ...object, apiVersion: groupVersionOf(info), kind: info.kind });
  const { namespace, name } = parsed.metadata;
  if (!simulation.store.get(resource, namespace, name)) simulation.store.create(resource, parsed);
}

/** Applies a change given as data; patches of and deletions of what is not there change nothing. */
export function applyManifestChange(simulation: Simulation, change: ManifestChange): void {
  if (change.action === 'create') {
    installManifest(simulation, change.resource, change.object);
    return;
  }
  const { resource, namespace, name } = change;
  const existing = simulation.store.get(resource, namespace, name);
  if (!existing) return;
  if (change.action === 'delete') simulation.apply({ op: 'delete', resource, namespace, name });
  else simulation.store.update(resource, parseKind(resource, applyMergePatch(existing, change.patch)));
}
