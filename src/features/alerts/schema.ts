import { z } from 'zod';
import { runbookReferenceSchema } from '#src/features/runbooks/schema.ts';
import { mcpToolSchema } from '#src/features/system/schema.ts';

/** What may come in as an alert; shared by REST, tRPC, the submit form and the CLI. */

export const ALERT_DATA_MAX_CHARS = 1_000_000;
/** What webhooks take from labels of any length is cut to these: the indexes of the session list hold both whole. */
export const ALERT_TYPE_MAX_CHARS = 200;
export const SEVERITY_MAX_CHARS = 50;

const text = (max: number) => z.string().trim().min(1).max(max);

/** Labels are strings in monitoring; numbers and booleans of hand-made payloads are taken as their text. */
export const labelsSchema = z.record(
  z.string().min(1).max(300),
  z.union([z.string().max(10_000), z.number(), z.boolean()]).transform(String),
);

/**
 * The alert's own choice of MCP servers (and tools), which replaces those of the configuration, and of the provider's own
 * tools, each on or off for this alert.
 */
export const mcpSelectionSchema = z
  .strictObject({
    servers: z
      .array(z.strictObject({ name: text(200), tools: z.array(text(200)).min(1).optional() }))
      .min(1, 'name at least one server, or leave `servers` out')
      .optional(),
    nativeTools: z
      .strictObject({
        webSearch: z.boolean().optional(),
        urlContext: z.boolean().optional(),
        codeExecution: z.boolean().optional(),
      })
      .optional(),
  })
  .refine(({ servers, nativeTools }) => servers !== undefined || nativeTools !== undefined, {
    path: ['servers'],
    message: 'name servers or nativeTools, or leave `mcp` out',
  });

export const postAlertSchema = z.strictObject({
  alertType: text(ALERT_TYPE_MAX_CHARS).optional(),
  title: text(500).optional(),
  severity: text(SEVERITY_MAX_CHARS).optional(),
  /** Opaque to TARS: text, or any JSON value; the agent reads it as it is. */
  data: z.union(
    [
      z.string().min(1, 'say what happened').max(ALERT_DATA_MAX_CHARS),
      z.record(z.string(), z.unknown()),
      z.array(z.unknown()),
    ],
    { error: () => 'say what happened: text, or any JSON object or array' },
  ),
  fingerprint: text(500).optional(),
  runbook: runbookReferenceSchema.optional(),
  mcp: mcpSelectionSchema.optional(),
  labels: labelsSchema.optional(),
  idempotencyKey: text(200).optional(),
});
export type PostAlert = z.infer<typeof postAlertSchema>;

export const acceptedAlertSchema = z.object({
  sessionId: z.string(),
  alertId: z.string(),
  status: z.string(),
  deduplicated: z.boolean(),
});
export type AcceptedAlert = z.infer<typeof acceptedAlertSchema>;

export const webhookResultSchema = z.object({
  alerts: z.array(
    z.object({
      alertId: z.string(),
      sessionId: z.string().nullable(),
      fingerprint: z.string().nullable(),
      status: z.enum(['firing', 'resolved', 'expired']),
      deduplicated: z.boolean(),
    }),
  ),
});
export type WebhookResult = z.infer<typeof webhookResultSchema>;

/** Alertmanager's webhook payload, version 4. Unknown fields are kept out of our way. */
export const alertmanagerSchema = z.object({
  version: z.literal('4', { error: () => 'version "4" of Alertmanager\'s webhook payload' }),
  groupKey: z.string().max(10_000).optional(),
  status: z.enum(['firing', 'resolved']),
  receiver: z.string().max(1_000).optional(),
  groupLabels: labelsSchema.default({}),
  commonLabels: labelsSchema.default({}),
  commonAnnotations: labelsSchema.default({}),
  externalURL: z.string().max(2_000).default(''),
  truncatedAlerts: z.number().int().min(0).default(0),
  alerts: z
    .array(
      z.object({
        status: z.enum(['firing', 'resolved']),
        labels: labelsSchema,
        annotations: labelsSchema.default({}),
        startsAt: z.iso.datetime({ offset: true }),
        endsAt: z.iso.datetime({ offset: true }).optional(),
        generatorURL: z.string().max(5_000).default(''),
        fingerprint: z.string().min(1).max(500),
      }),
    )
    .min(1, 'at least one alert')
    .max(1_000, 'at most 1000 alerts in one payload'),
});
export type AlertmanagerPayload = z.infer<typeof alertmanagerSchema>;

/** An alert whatever its source: what intake works on. */
export type IncomingAlert = {
  source: string;
  status: 'firing' | 'resolved';
  alertType: string | null;
  /** Null when the sender gave none: it is then made from the type and the first line. */
  title: string | null;
  severity: string | null;
  fingerprint: string | null;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** What the agent reads. */
  data: string;
  startsAt: string | null;
  runbook: string | null;
  mcp: z.infer<typeof mcpSelectionSchema> | null;
  idempotencyKey: string | null;
};

export const sampleAlertSchema = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  /** The chain that takes it, and whether that has agents that may act. */
  chain: z.string(),
  acts: z.boolean(),
});
export type SampleAlert = z.infer<typeof sampleAlertSchema>;

/** An alert type that a chain names; others, and alerts without one, go to the default chain. */
export const alertTypeSchema = z.object({
  name: z.string(),
  chain: z.string(),
  description: z.string().nullable(),
});
export type AlertType = z.infer<typeof alertTypeSchema>;

export const defaultToolsInputSchema = z.object({ alertType: text(ALERT_TYPE_MAX_CHARS).optional() });

/** The configured MCP servers, and what of them the chain of an alert type uses when the alert says nothing. */
export const defaultToolsSchema = z.object({
  chain: z.string(),
  servers: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      /** People sign in to it for themselves, and who asks has not. */
      needsMySignIn: z.boolean(),
      /** Whether agents of the chain use it. */
      used: z.boolean(),
      /** The tools that they are narrowed to; null: all of them. */
      only: z.array(z.string()).nullable(),
      /** As the server last listed them. */
      tools: z.array(mcpToolSchema),
    }),
  ),
});
export type DefaultTools = z.infer<typeof defaultToolsSchema>;
