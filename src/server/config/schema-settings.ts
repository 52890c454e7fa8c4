import { z } from 'zod';
import { identifiersSchema, maskingPatternName, maskingSelectionSchema } from './schema-masking.ts';
import {
  amount,
  duration,
  entryName,
  flag,
  httpUrl,
  nonEmptyText,
  optionalSecret,
  runbookReference,
  wholeNumber,
} from './value-schemas.ts';

/** How many sessions run, wait and may take how long. */
export const queueSchema = z.strictObject({
  maxRunningSessions: wholeNumber(1, 10_000).default(5),
  workerConcurrency: wholeNumber(1, 500).default(5),
  maxPendingSessions: wholeNumber(1, 1_000_000).default(1_000),
  /** Of these, how many may be one project's; absent: all. */
  maxPendingPerProject: wholeNumber(1, 1_000_000).optional(),
  sessionTimeout: duration.prefault('40m'),
});

/** Whether people and programs see what model calls cost; it is recorded in any case. */
export const costsSchema = z.strictObject({ enabled: flag.default(true) });

/** Limits of one session; what is absent is unlimited. */
export const budgetsSchema = z.strictObject({
  costUsd: amount.optional(),
  tokens: wholeNumber(1, 1_000_000_000_000).optional(),
  time: duration.optional(),
});

/** How long one step may take. */
export const timeoutsSchema = z.strictObject({
  llmCall: duration.prefault('5m'),
  toolCall: duration.prefault('1m'),
  iteration: duration.prefault('6m'),
  firstToken: duration.prefault('2m'),
  streamStall: duration.prefault('1m'),
});

/** How many agents one agent may start, and how long each may take. */
export const subAgentLimitsSchema = z.strictObject({
  maxConcurrent: wholeNumber(1, 50).default(5),
  maxDispatches: wholeNumber(1, 1_000).default(20),
  timeout: duration.prefault('7m'),
});

/** What an agent does that has used its iterations up: write its conclusion, or ask people whether to go on. */
export const onIterationLimitSchema = z.enum(['conclude', 'pause'], { error: () => '"conclude" or "pause"' });

export const successPolicySchema = z.enum(['any', 'all'], { error: () => '"any" or "all"' });

export const executiveSummarySchema = z.strictObject({
  enabled: flag.default(true),
  agent: entryName.default('executive-summary'),
  llmProvider: entryName.optional(),
});

export const scoringSchema = z.strictObject({
  enabled: flag.default(false),
  agent: entryName.default('judge'),
  llmProvider: entryName.optional(),
});

export const chainRunbookSchema = z.strictObject({ default: runbookReference.optional() });

/** What every chain has unless it says otherwise, key by key. */
export const CHAIN_DEFAULTS = ['executiveSummary', 'scoring', 'runbook'] as const;

export const defaultsSchema = z.strictObject({
  /** The loader's default is the first built-in provider whose key is in the environment, else `offline`. */
  llmProvider: entryName.default('offline'),
  fallbackProviders: z.array(entryName).default([]),
  maxIterations: wholeNumber(1, 1_000).default(20),
  onIterationLimit: onIterationLimitSchema.default('conclude'),
  successPolicy: successPolicySchema.default('any'),
  chain: entryName.default('kubernetes'),
  budgets: budgetsSchema.prefault({}),
  subAgentLimits: subAgentLimitsSchema.prefault({}),
  askPeople: flag.default(true),
  executiveSummary: executiveSummarySchema.prefault({}),
  scoring: scoringSchema.prefault({}),
  runbook: chainRunbookSchema.prefault({}),
  timeouts: timeoutsSchema.prefault({}),
  /** For servers whose long results are summarised and that name no provider of their own. */
  summarization: z.strictObject({ llmProvider: entryName.optional() }).prefault({}),
  masking: z.strictObject({ alerts: maskingSelectionSchema.prefault({}) }).prefault({}),
});

export const runbooksSchema = z.strictObject({
  repository: httpUrl.optional(),
  /** Absent: `https://api.github.com`, or `/api/v3` of the repository's own server. */
  apiUrl: httpUrl.optional(),
  allowedDomains: z.array(nonEmptyText).default(['github.com', 'raw.githubusercontent.com']),
  cacheTtl: duration.prefault('5m'),
  token: optionalSecret,
});

/** With a secret, deliveries are signed; `project` is where those belong that carry no key. */
const webhookSchema = z.strictObject({ secret: optionalSecret, project: nonEmptyText.optional() });

export const webhooksSchema = z.strictObject({
  alertmanager: webhookSchema.prefault({}),
  grafana: webhookSchema.prefault({}),
  pagerduty: webhookSchema.prefault({}),
  datadog: webhookSchema.prefault({}),
  /** Amazon signs with its certificate: there is no secret to configure. */
  cloudwatch: z.strictObject({ topics: z.array(nonEmptyText).default([]) }).prefault({}),
  sentry: webhookSchema.prefault({}),
  opsgenie: webhookSchema.prefault({}),
  generic: webhookSchema.prefault({}),
});

export const dedupSchema = z.strictObject({
  window: duration.prefault('6h'),
  /** What fires again within this time of being resolved is the same problem, flapping; absent: it is a new one. */
  flapWindow: duration.optional(),
});

/** What past investigations teach; with a model for embeddings they are also found by meaning. */
export const memorySchema = z.strictObject({
  enabled: flag.default(true),
  maxInjected: wholeNumber(0, 20).default(5),
  embedding: z
    .strictObject({
      provider: entryName,
      model: nonEmptyText,
      dimensions: wholeNumber(1, 4_096).optional(),
    })
    .optional(),
});

export const approvalSchema = z.strictObject({ expiresAfter: duration.prefault('24h') });

const HOLIDAY_EXPECTED = 'a day such as 12-25 (every year) or 2026-04-06';

/** When people are at work: agents are told, because on a quiet day fewer people watch. */
export const calendarSchema = z.strictObject({
  timezone: z
    .string()
    .refine(isTimeZone, { error: () => 'a time zone such as UTC or Europe/Berlin' })
    .default('UTC'),
  holidays: z
    .array(
      z.strictObject({
        date: z
          .string({ error: () => HOLIDAY_EXPECTED })
          .regex(/^(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, { error: () => HOLIDAY_EXPECTED }),
        name: nonEmptyText,
      }),
    )
    .default([]),
});

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/** What pages show of foreign text. */
export const uiSchema = z.strictObject({
  /** Hosts to which links in text of models, tools and alerts may lead; `*.example.com` is every host below. */
  allowedLinkDomains: z
    .array(
      z
        .string({ error: () => HOST_EXPECTED })
        .regex(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/i, { error: () => HOST_EXPECTED }),
    )
    .default([]),
});

const HOST_EXPECTED = 'a host name such as wiki.example.com or *.example.com';

/** Patterns that hold everywhere: name → regular expression (RE2 syntax). */
export const sharedMaskingSchema = z.strictObject({
  patterns: z.record(maskingPatternName, nonEmptyText).default({}),
  identifiers: identifiersSchema.prefault({}),
});

export const retentionSchema = z.strictObject({
  sessions: duration.prefault('365d'),
  events: duration.prefault('30d'),
  logs: duration.prefault('14d'),
  usage: duration.prefault('1095d'),
});

export type QueueConfig = z.infer<typeof queueSchema>;
export type Budgets = z.infer<typeof budgetsSchema>;
export type SubAgentLimits = z.infer<typeof subAgentLimitsSchema>;
export type Timeouts = z.infer<typeof timeoutsSchema>;
export type OnIterationLimit = z.infer<typeof onIterationLimitSchema>;
export type SuccessPolicy = z.infer<typeof successPolicySchema>;
export type DefaultsConfig = z.infer<typeof defaultsSchema>;
export type RunbooksConfig = z.infer<typeof runbooksSchema>;
export type WebhooksConfig = z.infer<typeof webhooksSchema>;
export type MemoryConfig = z.infer<typeof memorySchema>;
export type CalendarConfig = z.infer<typeof calendarSchema>;
export type RetentionConfig = z.infer<typeof retentionSchema>;
export type { CustomPatternConfig, IdentifiersConfig, MaskingSelection } from './schema-masking.ts';
