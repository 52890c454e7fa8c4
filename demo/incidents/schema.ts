import { z } from 'zod';
import { kindSchemas, type Resource } from '../cluster/kinds/schema.ts';

const resourceNames = Object.keys(kindSchemas);
const resource = z.custom<Resource>(
  (value) => typeof value === 'string' && resourceNames.includes(value),
  'unknown resource',
);
const anyObject = z.record(z.string(), z.unknown());
const address = { resource, namespace: z.string().optional(), name: z.string() };

/** A change of the cluster as data. Patches are JSON merge patches. */
export const manifestChangeSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('create'), resource, object: anyObject }),
  z.strictObject({ action: z.literal('patch'), ...address, patch: anyObject }),
  z.strictObject({ action: z.literal('delete'), ...address }),
]);

const requirement = z.strictObject({
  env: z.string().optional(),
  file: z.string().optional(),
  exitCode: z.number().int(),
  lines: z.array(z.string()),
});

/** What a container image does; see demo/cluster/programs. */
export const programSchema = z.strictObject({
  image: z.string(),
  sizeMiB: z.number().positive(),
  startupMs: z.number().nonnegative(),
  listens: z.array(z.number().int()),
  requires: z.array(requirement).optional(),
  exits: z
    .strictObject({ afterMs: z.number(), exitCode: z.number().int(), lines: z.array(z.string()) })
    .optional(),
  memory: z.strictObject({
    baseMiB: z.number(),
    growthMiBPerSecond: z.number().optional(),
    ceilingMiB: z.number().optional(),
  }),
  cpuMillicores: z.number(),
  unhealthyAfterMs: z.number().optional(),
  logs: z.strictObject({
    startup: z.array(z.string()),
    steady: z.array(z.strictObject({ everyMs: z.number().positive(), lines: z.array(z.string()) })),
  }),
});

/** One alert of an incident; `{pod}` in any text becomes the newest pod the selector finds. */
export const alertTemplateSchema = z.strictObject({
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  generatorQuery: z.string(),
});

export const incidentSchema = z.object({
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string(),
  description: z.string(),
  /** How long ago it began when the cluster starts with it or it is applied aged. */
  ageMs: z.number().int().positive(),
  namespace: z.string(),
  /** Pods the alert may name. */
  podLabels: z.record(z.string(), z.string()),
  programs: z.array(programSchema).default([]),
  apply: z.array(manifestChangeSchema).min(1),
  revert: z.array(manifestChangeSchema).min(1),
  alerts: z.array(alertTemplateSchema).min(1),
  /** `kube-prometheus` when that project ships the rule, `custom` for a rule many clusters add. */
  ruleOrigin: z.enum(['kube-prometheus', 'custom']),
  /** For tests: a statement of the cause must contain a word of each group (case-insensitive). */
  rootCause: z.object({ summary: z.string(), keywords: z.array(z.array(z.string()).min(1)).min(1) }),
});

export type Incident = z.infer<typeof incidentSchema>;

/** Alertmanager's webhook payload, version 4 (prometheus/alertmanager notify/webhook). */
export const alertmanagerPayloadSchema = z.object({
  version: z.literal('4'),
  groupKey: z.string(),
  truncatedAlerts: z.number().int(),
  status: z.enum(['firing', 'resolved']),
  receiver: z.string(),
  groupLabels: z.record(z.string(), z.string()),
  commonLabels: z.record(z.string(), z.string()),
  commonAnnotations: z.record(z.string(), z.string()),
  externalURL: z.string(),
  alerts: z
    .array(
      z.object({
        status: z.enum(['firing', 'resolved']),
        labels: z.record(z.string(), z.string()),
        annotations: z.record(z.string(), z.string()),
        startsAt: z.string(),
        endsAt: z.string(),
        generatorURL: z.string(),
        fingerprint: z.string(),
      }),
    )
    .min(1),
});

export type AlertmanagerPayload = z.infer<typeof alertmanagerPayloadSchema>;
