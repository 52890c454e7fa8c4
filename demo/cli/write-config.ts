import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { alertmanagerPayloadSchema, incidents } from '../incidents/index.ts';
import type { ClusterProcess } from './start-cluster-process.ts';
import { REQUEST_TIMEOUT_MS } from './tunables.ts';

const source = fileURLToPath(new URL('../config', import.meta.url));
const answerSchema = z.object({ alert: alertmanagerPayloadSchema });

/** Copies the demo's configuration into its data directory. An edited copy is kept: only missing files are added. */
export async function writeConfig(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await cp(source, directory, { recursive: true, force: false });
}

/** The Alertmanager payload of an incident as the cluster stands now. */
export async function readAlert(cluster: ClusterProcess, incidentId: string) {
  const response = await fetch(`${cluster.adminUrl}/_demo/incidents/${incidentId}`, {
    headers: { authorization: `Bearer ${cluster.token}` },
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  return answerSchema.parse(await response.json()).alert;
}

/**
 * Writes one sample alert per incident for the submit page: what to show, the payload, and the request (POST) that makes
 * the incident happen in the cluster first.
 */
export async function writeSamples(configDirectory: string, cluster: ClusterProcess): Promise<void> {
  const directory = join(configDirectory, 'samples');
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  await Promise.all(
    incidents.map(async ({ id, title, description }, index) => {
      const sample = {
        id,
        title,
        description,
        source: 'alertmanager',
        payload: await readAlert(cluster, id),
        prepare: {
          url: `${cluster.adminUrl}/_demo/incidents/${id}`,
          headers: { authorization: `Bearer ${cluster.token}` },
        },
      };
      // Numbered, so that the page lists them as the demo tells them.
      const path = join(directory, `${String(index + 1).padStart(2, '0')}-${id}.json`);
      await writeFile(path, JSON.stringify(sample, null, 2), { mode: 0o600 });
    }),
  );
}
