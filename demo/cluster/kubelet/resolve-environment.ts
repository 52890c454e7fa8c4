import type { ClusterView } from '../change.ts';
import type { Container, Pod } from '../kinds/schema.ts';

export interface Environment {
  env: Record<string, string>;
  /** Files a program may look for: the keys of mounted Secrets and ConfigMaps. */
  files: string[];
}

/** Why a container cannot be created, in the kubelet's words (CreateContainerConfigError). */
export class ConfigError extends Error {}

function decode(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

function secretData(
  view: ClusterView,
  namespace: string | undefined,
  name: string,
): Record<string, string> | undefined {
  const secret = view.get('secrets', namespace, name);
  if (!secret) return undefined;
  return Object.fromEntries(Object.entries(secret.data ?? {}).map(([key, value]) => [key, decode(value)]));
}

function configData(
  view: ClusterView,
  namespace: string | undefined,
  name: string,
): Record<string, string> | undefined {
  const config = view.get('configmaps', namespace, name);
  return config ? (config.data ?? {}) : undefined;
}

/** Environment and files of a container as they are now. @throws ConfigError */
export function resolveEnvironment(view: ClusterView, pod: Pod, container: Container): Environment {
  const { namespace } = pod.metadata;
  const env: Record<string, string> = {};
  for (const source of container.envFrom ?? []) {
    const { secretRef, configMapRef } = source;
    const ref = secretRef ?? configMapRef;
    if (!ref) continue;
    const data = secretRef ? secretData(view, namespace, ref.name) : configData(view, namespace, ref.name);
    if (data) Object.assign(env, data);
    else if (!ref.optional)
      throw new ConfigError(`${secretRef ? 'secret' : 'configmap'} "${ref.name}" not found`);
  }
  for (const entry of container.env ?? []) {
    const { secretKeyRef, configMapKeyRef } = entry.valueFrom ?? {};
    const ref = secretKeyRef ?? configMapKeyRef;
    if (!ref) {
      env[entry.name] = entry.value ?? (entry.valueFrom ? 'downward' : '');
      continue;
    }
    const kind = secretKeyRef ? 'Secret' : 'ConfigMap';
    const data = secretKeyRef ? secretData(view, namespace, ref.name) : configData(view, namespace, ref.name);
    const value = data?.[ref.key];
    if (value !== undefined) env[entry.name] = value;
    else if (ref.optional) continue;
    else if (!data) throw new ConfigError(`${kind.toLowerCase()} "${ref.name}" not found`);
    else throw new ConfigError(`couldn't find key ${ref.key} in ${kind} ${namespace}/${ref.name}`);
  }
  return { env, files: mountedFiles(view, pod, container) };
}

function mountedFiles(view: ClusterView, pod: Pod, container: Container): string[] {
  const { namespace } = pod.metadata;
  return (container.volumeMounts ?? []).flatMap((mount) => {
    const volume = pod.spec.volumes?.find((entry) => entry.name === mount.name);
    const data = volume?.secret
      ? secretData(view, namespace, volume.secret.secretName)
      : volume?.configMap
        ? configData(view, namespace, volume.configMap.name)
        : undefined;
    return Object.keys(data ?? {}).map((key) => `${mount.mountPath}/${key}`);
  });
}

/** Why a pod's volumes cannot be mounted yet; undefined when they can. */
export function mountFailure(view: ClusterView, pod: Pod): string | undefined {
  const { namespace } = pod.metadata;
  for (const volume of pod.spec.volumes ?? []) {
    const { secret, configMap } = volume;
    if (secret && !secret.optional && !view.get('secrets', namespace, secret.secretName)) {
      return `MountVolume.SetUp failed for volume "${volume.name}" : secret "${secret.secretName}" not found`;
    }
    if (configMap && !configMap.optional && !view.get('configmaps', namespace, configMap.name)) {
      return `MountVolume.SetUp failed for volume "${volume.name}" : configmap "${configMap.name}" not found`;
    }
  }
  return undefined;
}
