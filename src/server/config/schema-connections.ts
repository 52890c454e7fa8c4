import { z } from 'zod';
import { maskingSelectionSchema } from './schema-masking.ts';
import { MAX_CONNECT_TIMEOUT_MS, MAX_TOOL_TIMEOUT_MS } from './tunables.ts';
import {
  amount,
  duration,
  entryName,
  flag,
  httpUrl,
  instructionText,
  nonEmptyText,
  optionalSecret,
  projectNames,
  re2Pattern,
  wholeNumber,
} from './value-schemas.ts';

export const LLM_PROVIDER_TYPES = [
  'openai',
  'anthropic',
  'google',
  'vertex',
  'xai',
  'openai-compatible',
  'offline',
] as const;

const price = { input: amount, output: amount, cachedInput: amount.optional() };

/** A moment as UTC: `2026-12-01` is its first. The parsed value sorts as text. */
const moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: () => 'a date (2026-12-01, from 00:00 UTC) or a time (2026-12-01T08:00:00Z)',
  })
  .transform((text) => new Date(text).toISOString());

/** A price for a time: from its beginning to just before its end. */
export const promotionSchema = z.strictObject({ from: moment, until: moment, ...price });

/** One model behind one wire. Every type takes `baseUrl` (a proxy, a local server). */
export const llmProviderSchema = z.strictObject({
  type: z.enum(LLM_PROVIDER_TYPES, { error: () => `one of ${LLM_PROVIDER_TYPES.join(', ')}` }),
  model: nonEmptyText,
  baseUrl: httpUrl.optional(),
  /** Absent: the provider's usual environment variable (filled by the loader when it is set). */
  apiKey: optionalSecret,
  headers: z.record(z.string(), z.string()).default({}),
  /** Google Vertex only. */
  project: nonEmptyText.optional(),
  /** Google Vertex only. */
  location: nonEmptyText.optional(),
  /** Offline only: pause between the words of an answer, so that people can follow it. */
  pace: duration.optional(),
  /** Whether it is sent images. Absent: by its type. */
  images: flag.optional(),
  contextTokens: wholeNumber(1_000, 100_000_000).default(128_000),
  maxOutputTokens: wholeNumber(16, 10_000_000).default(8_000),
  /** US dollars per million tokens; absent means that the cost is unknown. */
  pricePerMillion: z.strictObject(price).optional(),
  /** Other prices for a time, which must not overlap; whatever the price is otherwise. */
  promotions: z.array(promotionSchema).optional(),
});

/** A scope as OAuth spells it (RFC 6749, 3.3). */
const scope = z
  .string({ error: () => 'text' })
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'one scope, without spaces and quotes');

export const MCP_GRANTS = ['authorization_code', 'client_credentials'] as const;

/** How TARS gets its token from a server that wants a sign-in. What must stand together is checked with the references. */
export const mcpAuthSchema = z.strictObject({
  type: z.literal('oauth', { error: () => '"oauth"' }),
  /** A person signs in once on the system page, or TARS with its own id and secret. */
  grant: z.enum(MCP_GRANTS, { error: () => `one of ${MCP_GRANTS.join(', ')}` }).default('authorization_code'),
  /** Everybody signs in for themselves; what a person has started uses their sign-in and no other. */
  perUser: flag.optional(),
  /** Absent: TARS registers itself where the authorization server lets it. */
  clientId: nonEmptyText.optional(),
  clientSecret: optionalSecret,
  /** The authorization server that the client belongs to; it goes to no other. Absent: the one that the server names first. */
  issuer: httpUrl.optional(),
  /** Absent: what the server asks for. */
  scopes: z.array(scope).optional(),
});

/** How the certificate of a server is looked at; nothing of it holds for another server. */
const tlsSettings = {
  /** Certificates (PEM) that are trusted besides those that every process trusts. */
  caFile: nonEmptyText.optional(),
  /** `false` speaks to whoever answers at the address. */
  tlsVerify: flag.optional(),
};

const stdioTransportSchema = z.strictObject({
  type: z.literal('stdio'),
  command: nonEmptyText,
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
  cwd: nonEmptyText.optional(),
  auth: z.never({ error: () => 'no auth: only servers over http and sse are signed in to' }).optional(),
});

const httpTransportSchema = z.strictObject({
  type: z.literal('http'),
  url: httpUrl,
  headers: z.record(z.string(), z.string()).default({}),
  /** Told with DELETE when the execution that used the server is over. */
  cleanupUrl: httpUrl.optional(),
  ...tlsSettings,
  auth: mcpAuthSchema.optional(),
});

const sseTransportSchema = z.strictObject({
  type: z.literal('sse'),
  url: httpUrl,
  headers: z.record(z.string(), z.string()).default({}),
  /** Told with DELETE when the execution that used the server is over. */
  cleanupUrl: httpUrl.optional(),
  ...tlsSettings,
  auth: mcpAuthSchema.optional(),
});

export const mcpTransportSchema = z.discriminatedUnion(
  'type',
  [stdioTransportSchema, httpTransportSchema, sseTransportSchema],
  { error: () => 'a transport of type stdio, http or sse' },
);

export const toolApprovalSchema = z.enum(['annotations', 'always', 'never'], {
  error: () => '"annotations", "always" or "never"',
});

const argumentPatterns = z.record(nonEmptyText, re2Pattern).default({});

/**
 * An exception from the policy of tools: the first rule that fits a call decides. `tool` and the values of `arguments` are
 * RE2 expressions that must match as a whole; an argument is named by its path (`spec.replicas`).
 */
const approvalRule = {
  tool: re2Pattern,
  arguments: argumentPatterns,
  approval: toolApprovalSchema,
};
export const approvalRuleSchema = z.strictObject(approvalRule);
/** As above, for one of several servers. */
export const serverApprovalRuleSchema = z.strictObject({ server: nonEmptyText, ...approvalRule });

export const toolName = z.string().regex(/^[A-Za-z0-9_.-]{1,128}$/, 'the name of a tool without its server');

/** Who sees the images of a server's results. Masking cannot look inside of them, so models do only where that is said. */
export const IMAGE_AUDIENCES = ['nobody', 'people', 'models'] as const;

export const mcpServerSchema = z.strictObject({
  transport: mcpTransportSchema,
  /** What its results are about, shown with each of them. */
  cluster: nonEmptyText.optional(),
  /** The argument of its tools that chooses the cluster. */
  clusterArgument: nonEmptyText.optional(),
  /** Whose agents may use it. */
  projects: projectNames,
  instructions: instructionText.optional(),
  /** Absent: `defaults.timeouts.toolCall`. */
  timeout: duration
    .refine((timeoutMs) => timeoutMs <= MAX_TOOL_TIMEOUT_MS, { error: () => 'at most 10m' })
    .optional(),
  /** From the first byte of a connection (or the start of its program) to the answer on `initialize`. */
  connectTimeout: duration
    .refine((timeoutMs) => timeoutMs <= MAX_CONNECT_TIMEOUT_MS, { error: () => 'at most 5m' })
    .optional(),
  masking: maskingSelectionSchema.prefault({}),
  images: z.enum(IMAGE_AUDIENCES, { error: () => `one of ${IMAGE_AUDIENCES.join(', ')}` }).default('people'),
  summarization: z
    .strictObject({
      enabled: flag.default(true),
      thresholdTokens: wholeNumber(100, 10_000_000).default(5_000),
      maxTokens: wholeNumber(50, 1_000_000).default(1_000),
      llmProvider: entryName.optional(),
    })
    .optional(),
  approval: z
    .strictObject({
      default: toolApprovalSchema.default('annotations'),
      tools: z.record(toolName, toolApprovalSchema).default({}),
      rules: z.array(approvalRuleSchema).default([]),
    })
    .prefault({}),
});

export type LlmProviderType = (typeof LLM_PROVIDER_TYPES)[number];
export type Promotion = z.infer<typeof promotionSchema>;
export type LlmProviderConfig = z.infer<typeof llmProviderSchema>;
export type ImageAudience = (typeof IMAGE_AUDIENCES)[number];
export type McpAuthConfig = z.infer<typeof mcpAuthSchema>;
export type McpTransportConfig = z.infer<typeof mcpTransportSchema>;
export type ToolApproval = z.infer<typeof toolApprovalSchema>;
export type ApprovalRule = z.infer<typeof serverApprovalRuleSchema>;
export type McpServerConfig = z.infer<typeof mcpServerSchema>;
