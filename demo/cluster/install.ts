import { isDeepStrictEqual } from 'node:util';
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

/** Validates and stores a manifest; one that exists already is left alone, and false is returned. */
export function installManifest(
  simulation: Simulation,
  resource: Resource,
  object: Record<string, unknown>,
): boolean {
  const info = infoOf(resource);
  const parsed = parseKind(resource, { ...object, apiVersion: groupVersionOf(info), kind: info.kind });
  const { namespace, name } = parsed.metadata;
  if (simulation.store.get(resource, namespace, name)) return false;
  simulation.store.create(resource, parsed);
  return true;
}

/**
 * Applies a change given as data. Patches of and deletions of what is not there change nothing, nor does the creation of
 * what is; false is returned then.
 */
export function applyManifestChange(simulation: Simulation, change: ManifestChange): boolean {
  if (change.action === 'create') return installManifest(simulation, change.resource, change.object);
  const { resource, namespace, name } = change;
  const existing = simulation.store.get(resource, namespace, name);
  if (!existing) return false;
  if (change.action === 'delete') simulation.apply({ op: 'delete', resource, namespace, name });
  else simulation.store.update(resource, parseKind(resource, applyMergePatch(existing, change.patch)));
  return true;
}

/** Whether a change would change nothing, since the cluster is as it would make it. */
export function isInPlace(simulation: Simulation, change: ManifestChange): boolean {
  if (change.action === 'create') {
    const { namespace, name } = parseKind(change.resource, change.object).metadata;
    return simulation.store.get(change.resource, namespace, name) !== undefined;
  }
  const { resource, namespace, name } = change;
  const existing = simulation.store.get(resource, namespace, name);
  if (change.action === 'delete' || !existing) return existing === undefined;
  return isDeepStrictEqual(parseKind(resource, applyMergePatch(existing, change.patch)), existing);
}

/** A change in a few words, e.g. `patch deployments shop/cart`. */
export function describeChange(change: ManifestChange): string {
  if (change.action !== 'create') {
    return [change.action, change.resource, [change.namespace, change.name].filter(Boolean).join('/')].join(
      ' ',
    );
  }
  const { metadata } = change.object;
  return `create ${change.resource} ${JSON.stringify(metadata)}`;
}
