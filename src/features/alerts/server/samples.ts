import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { chainForAlertType } from '#src/server/config/index.ts';
import { AppError, errorMessage, notFound } from '#src/server/errors.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { alertmanagerSchema, type SampleAlert } from '../schema.ts';
import { fromAlertmanager } from './normalise-alert.ts';
import { receiveWebhook } from './receive-webhook.ts';
import { SAMPLE_PREPARE_TIMEOUT_MS } from './tunables.ts';

/** An alert to try TARS with: `<configuration directory>/samples/<id>.json`. */
const sampleFileSchema = z.object({
  id: z.string().min(1).max(100),
  title: z.string().min(1).max(200),
  description: z.string().max(2_000),
  source: z.literal('alertmanager'),
  payload: alertmanagerSchema,
  /**
   * Called (POST) before the alert is fired, to bring about what it tells of; an `alert` in its answer is fired instead of
   * the payload, since it names what is there now. Written by the administrator.
   */
  prepare: z.object({ url: z.url(), headers: z.record(z.string(), z.string()).default({}) }).optional(),
});
type SampleFile = z.infer<typeof sampleFileSchema>;

/** The samples of this installation, in the order of their file names. A file that is not valid is logged and left out. */
export async function listSamples(kernel: Kernel): Promise<SampleAlert[]> {
  const samples = await readSamples(kernel);
  const config = kernel.config.current();
  return samples.map(({ id, title, description, payload }) => {
    const [alert] = fromAlertmanager(payload);
    const { name, chain } = chainForAlertType(config, alert?.alertType);
    const acts = chain.stages.some(({ agents }) =>
      agents.every((agent) => config.agents[agent.name]?.type === 'action'),
    );
    return { id, title, description, chain: name, acts };
  });
}

/**
 * Brings a sample's incident about and delivers its alert, as a problem of its own each time. Throws `not_found` for an
 * unknown id and `unavailable` when the incident could not be prepared or the queue is full.
 */
export async function fireSample(
  kernel: Kernel,
  options: { projectId: string; actor: string; id: string },
): Promise<{ sessionId: string | null; deduplicated: boolean }> {
  const sample = (await readSamples(kernel)).find(({ id }) => id === options.id);
  if (!sample) throw notFound('Sample');
  const alerts = fromAlertmanager(await prepare(sample)).map((alert) => ({
    ...alert,
    startsAt: new Date().toISOString(),
    fingerprint: `${alert.fingerprint}-${newId()}`,
  }));
  const { alerts: received, refused } = await receiveWebhook(kernel, { ...options, alerts });
  const first = received[0];
  if (!first) throw refused ?? new AppError('unavailable', 'The sample could not be delivered.');
  return { sessionId: first.sessionId, deduplicated: first.deduplicated };
}

const preparedSchema = z.object({ alert: alertmanagerSchema });

/** Brings the incident about; gives the payload to fire. */
async function prepare({ prepare, payload }: SampleFile): Promise<SampleFile['payload']> {
  if (!prepare) return payload;
  try {
    const response = await fetch(prepare.url, {
      method: 'POST',
      headers: prepare.headers,
      signal: AbortSignal.timeout(SAMPLE_PREPARE_TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const answer = preparedSchema.safeParse(await response.json().catch(() => undefined));
    return answer.success ? answer.data.alert : payload;
  } catch (error) {
    throw new AppError('unavailable', `The incident could not be prepared: ${errorMessage(error)}`, {
      cause: error,
    });
  }
}

async function readSamples(kernel: Kernel): Promise<SampleFile[]> {
  const directory = join(kernel.env.configDir, 'samples');
  const names = await readdir(directory).catch(() => []);
  const samples: SampleFile[] = [];
  for (const name of names.filter((file) => file.endsWith('.json')).sort()) {
    try {
      samples.push(sampleFileSchema.parse(JSON.parse(await readFile(join(directory, name), 'utf8'))));
    } catch (error) {
      kernel.log.warn({ file: name, problem: errorMessage(error) }, 'sample alert left out');
    }
  }
  return samples;
}
