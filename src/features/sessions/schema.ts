import { z } from 'zod';

/**
 * The session as everybody outside the run sees it: REST, tRPC, Socket.IO, MCP and the page share these schemas.
 * Times are ISO 8601 UTC strings, ids UUIDv7.
 */

export const runStatuses = [
  'pending',
  'running',
  'waiting',
  'cancelling',
  'completed',
  'failed',
  'timed_out',
  'cancelled',
] as const;
export const runStatusSchema = z.enum(runStatuses);
export type RunStatus = z.infer<typeof runStatusSchema>;

const terminal: ReadonlySet<RunStatus> = new Set(['completed', 'failed', 'timed_out', 'cancelled']);
export const isTerminal = (status: RunStatus): boolean => terminal.has(status);

export const itemTypes = [
  'thinking',
  'response',
  'tool_call',
  'tool_summary',
  'error',
  'question',
  'user_message',
  'final_analysis',
  'executive_summary',
  'task_assigned',
  'provider_fallback',
  'approval',
  'budget',
  'compaction',
  'code_execution',
  'search_result',
  'url_context',
  'skill_loaded',
  'memory_injected',
  'score',
] as const;
export const itemTypeSchema = z.enum(itemTypes);
export type ItemType = z.infer<typeof itemTypeSchema>;

export const itemStatusSchema = z.enum([
  'streaming',
  'completed',
  'failed',
  'cancelled',
  'timed_out',
  'waiting',
]);
export type ItemStatus = z.infer<typeof itemStatusSchema>;

const time = z.iso.datetime();
const jsonObject = z.record(z.string(), z.unknown());

/** `data` of a `tool_call` item. `result` is a bounded, masked view; the whole output is at `outputUrl`. */
export const toolCallDataSchema = z.object({
  callId: z.string(),
  server: z.string(),
  tool: z.string(),
  arguments: jsonObject,
  readOnly: z.boolean(),
  iteration: z.number().int(),
  result: z.string().optional(),
  /** Size of the whole output in bytes. */
  outputBytes: z.number().int().optional(),
  outputUrl: z.string().optional(),
  error: z.string().optional(),
  /** Why TARS did not run it: not read-only, a repeated call, an unknown tool, malformed arguments. */
  refused: z.string().optional(),
  /** What the tool last said on its progress; how far it is, where it tells. Its live output is the item's `content`. */
  progress: z.string().optional(),
  progressDone: z.number().optional(),
  progressTotal: z.number().optional(),
  durationMs: z.number().int().optional(),
});
export type ToolCallData = z.infer<typeof toolCallDataSchema>;

/** `data` of a `tool_summary` item; its text is the item's content, the whole output is at `outputUrl`. */
export const toolSummaryDataSchema = z.object({
  callId: z.string(),
  server: z.string(),
  tool: z.string(),
  originalTokens: z.number().int(),
  provider: z.string(),
  model: z.string(),
  outputBytes: z.number().int(),
  outputUrl: z.string(),
  /** Why it failed, in words. */
  error: z.string().optional(),
});
export type ToolSummaryData = z.infer<typeof toolSummaryDataSchema>;

/** One claim of a final analysis and the tool calls it rests on. */
export const evidenceLinkSchema = z.object({ callId: z.string(), itemId: z.string(), label: z.string() });
export type EvidenceLink = z.infer<typeof evidenceLinkSchema>;

export const timelineItemSchema = z.object({
  id: z.string(),
  seq: z.number().int(),
  type: itemTypeSchema,
  status: itemStatusSchema,
  stageId: z.string().nullable(),
  executionId: z.string().nullable(),
  parentExecutionId: z.string().nullable(),
  content: z.string(),
  data: jsonObject,
  startedAt: time,
  completedAt: time.nullable(),
});
export type TimelineItem = z.infer<typeof timelineItemSchema>;

export const executionSchema = z.object({
  id: z.string(),
  stageId: z.string(),
  parentExecutionId: z.string().nullable(),
  index: z.number().int(),
  agent: z.string(),
  status: runStatusSchema,
  provider: z.string(),
  model: z.string(),
  iterations: z.number().int(),
  /** What the parent asked of it; only for sub-agents. */
  task: z.string().nullable(),
  error: z.string().nullable(),
  startedAt: time.nullable(),
  completedAt: time.nullable(),
});
export type ExecutionView = z.infer<typeof executionSchema>;

export const stageTypeSchema = z.enum(['investigation', 'synthesis', 'summary', 'chat', 'scoring', 'action']);
export const stageSchema = z.object({
  id: z.string(),
  index: z.number().int(),
  name: z.string(),
  type: stageTypeSchema,
  status: runStatusSchema,
  /** Several executions side by side: different agents, or replicas of one. */
  parallel: z.enum(['agents', 'replicas']).nullable(),
  successPolicy: z.enum(['any', 'all']).nullable(),
  /** The stage whose answers this one combines; only for synthesis. */
  synthesisOfId: z.string().nullable(),
  /** Why its condition kept it from running, in words. */
  skipped: z.string().nullable(),
  /** Action stages: whether the agents say that they changed something. */
  actionsExecuted: z.boolean().nullable(),
  /** The chat turn or scoring that it belongs to. */
  followUpId: z.string().nullable(),
  error: z.string().nullable(),
  startedAt: time.nullable(),
  completedAt: time.nullable(),
  /** In configured order; sub-agents follow, each with its parent's id. */
  executions: z.array(executionSchema),
});
export type StageView = z.infer<typeof stageSchema>;

export const alertViewSchema = z.object({
  id: z.string(),
  source: z.string(),
  fingerprint: z.string().nullable(),
  status: z.enum(['firing', 'resolved', 'expired']),
  title: z.string(),
  /** Firing deliveries. */
  count: z.number().int(),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  data: z.string(),
  startsAt: time.nullable(),
  firstFiredAt: time,
  lastFiredAt: time,
  resolvedAt: time.nullable(),
});
export type AlertView = z.infer<typeof alertViewSchema>;

export const approvalKindSchema = z.enum(['tool', 'question']);

/** A tool call that waits for a person, or a question of an agent (`kind`). Arguments are masked. */
export const pendingApprovalSchema = z.object({
  id: z.string(),
  kind: approvalKindSchema,
  executionId: z.string(),
  itemId: z.string(),
  /** `server.tool` */
  tool: z.string(),
  arguments: jsonObject,
  /** Why a person is asked, in words. */
  why: z.string(),
  requestedAt: time,
  expiresAt: time,
});
export type PendingApproval = z.infer<typeof pendingApprovalSchema>;

/** `data` of an `approval` item and of a `question` item, which has options and answer on top. */
export const approvalDataSchema = z.object({
  approvalId: z.string(),
  callId: z.string(),
  kind: approvalKindSchema,
  server: z.string(),
  tool: z.string(),
  arguments: jsonObject,
  why: z.string(),
  expiresAt: time,
  decision: z.enum(['approve', 'deny', 'expired', 'cancelled']).optional(),
  decidedBy: z.string().nullable().optional(),
  decidedAt: time.optional(),
  reason: z.string().nullable().optional(),
  scope: z.enum(['once', 'session']).optional(),
  options: z.array(z.string()).optional(),
  answer: z.string().optional(),
  answeredBy: z.string().optional(),
});
export type ApprovalData = z.infer<typeof approvalDataSchema>;

/** Limits of the session as they were when it was created; an absent one is none. Milliseconds. */
export const sessionBudgetsSchema = z.object({
  tokens: z.number().int().optional(),
  costUsd: z.number().optional(),
  timeMs: z.number().int().optional(),
});

export const reviewStatuses = ['needs_review', 'in_progress', 'reviewed'] as const;
export const reviewStatusSchema = z.enum(reviewStatuses);
export type ReviewStatus = z.infer<typeof reviewStatusSchema>;

export const ratings = ['accurate', 'partially_accurate', 'inaccurate'] as const;
export const ratingSchema = z.enum(ratings);
export type Rating = z.infer<typeof ratingSchema>;

/** What people made of the investigation. `status` is null while it runs and nobody has claimed it. */
export const sessionReviewSchema = z.object({
  status: reviewStatusSchema.nullable(),
  assignee: z.string().nullable(),
  assignedAt: time.nullable(),
  reviewedAt: time.nullable(),
  rating: ratingSchema.nullable(),
  actionTaken: z.string().nullable(),
  note: z.string().nullable(),
});
export type SessionReview = z.infer<typeof sessionReviewSchema>;

export const usageSchema = z.object({
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  /** Without the calls whose price is unknown. */
  costUsd: z.number(),
  /** Model calls whose price is unknown. */
  unpricedCalls: z.number().int(),
});
/** Of one model call; `costUsd` is null when its price is unknown. */
const callUsageSchema = z.object({
  inputTokens: z.number().int(),
  /** Part of the input that came from the provider's cache. */
  cachedInputTokens: z.number().int(),
  outputTokens: z.number().int(),
  /** Part of the output. */
  reasoningTokens: z.number().int(),
  costUsd: z.number().nullable(),
});
/** What one agent of a session has used. */
export const executionUsageSchema = usageSchema
  .pick({ inputTokens: true, outputTokens: true, costUsd: true })
  .extend({ executionId: z.string(), llmCalls: z.number().int() });
export type ExecutionUsage = z.infer<typeof executionUsageSchema>;

export const countsSchema = z.object({
  llmCalls: z.number().int(),
  toolCalls: z.number().int(),
  events: z.number().int(),
});

export const sessionSchema = z.object({
  id: z.string(),
  projectId: z.string(),
  status: runStatusSchema,
  statusReason: z.string().nullable(),
  alertType: z.string(),
  chain: z.string(),
  severity: z.string().nullable(),
  title: z.string(),
  author: z.string(),
  /** What the alert named as its runbook; an address, or a file's path. */
  runbook: z.string().nullable(),
  /** Where the runbook that the agents read came from; null while or when there is none. */
  runbookSource: z.string().nullable(),
  /** Why there is none, another one than named, or an old copy. */
  runbookNote: z.string().nullable(),
  rerunOfId: z.string().nullable(),
  createdAt: time,
  startedAt: time.nullable(),
  completedAt: time.nullable(),
  finalAnalysis: z.string().nullable(),
  executiveSummary: z.string().nullable(),
  executiveSummaryError: z.string().nullable(),
  error: z.string().nullable(),
  /** 1-based place in the queue while pending, else null. */
  queuePosition: z.number().int().nullable(),
  /** Whether questions can be put to it once it has ended. */
  chatEnabled: z.boolean(),
  /** Stages that the chain will run, the executive summary included, for progress. */
  plannedStages: z.number().int(),
  alert: alertViewSchema,
  stages: z.array(stageSchema),
  budgets: sessionBudgetsSchema,
  /** How long it has waited for people so far, and since when it does now; that counts against no budget. */
  waitedMs: z.number().int(),
  waitingSince: time.nullable(),
  review: sessionReviewSchema,
  /** Total of the newest completed score, 0-100. */
  score: z.number().int().nullable(),
  usage: usageSchema,
  counts: countsSchema,
  pendingApprovals: z.array(pendingApprovalSchema),
});
export type SessionView = z.infer<typeof sessionSchema>;

/** A row of the session list: the session without what only its page needs. */
export const sessionListItemSchema = sessionSchema
  .omit({
    chatEnabled: true,
    finalAnalysis: true,
    runbookSource: true,
    runbookNote: true,
    alert: true,
    stages: true,
    budgets: true,
    waitedMs: true,
    waitingSince: true,
    pendingApprovals: true,
  })
  .extend({
    /** How many calls and questions wait for a person. */
    pendingApprovals: z.number().int(),
    alertCount: z.number().int(),
    alertStatus: z.enum(['firing', 'resolved', 'expired']),
    /** What runs right now: stage name and how far, in words; null when nothing does. */
    progress: z.string().nullable(),
  });
export type SessionListItem = z.infer<typeof sessionListItemSchema>;

// ── Events ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Fields of the session that events may change. */
export const sessionPatchSchema = sessionSchema
  .omit({ id: true, projectId: true, stages: true, alert: true, createdAt: true })
  .extend({ alert: alertViewSchema.omit({ data: true }).partial() })
  .partial();
export type SessionPatch = z.infer<typeof sessionPatchSchema>;

/**
 * What is appended to the event log. Deltas carry the offset at which their text starts, so that applying one twice,
 * or applying the merged text after parts of it, gives the same content.
 */
export const eventBodySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('session.patch'), payload: sessionPatchSchema }),
  z.object({ type: z.literal('stage.upsert'), payload: stageSchema.omit({ executions: true }) }),
  z.object({ type: z.literal('execution.upsert'), payload: executionSchema }),
  z.object({ type: z.literal('item.started'), payload: timelineItemSchema.omit({ seq: true }) }),
  z.object({
    type: z.literal('item.delta'),
    payload: z.object({ itemId: z.string(), offset: z.number().int(), text: z.string() }),
  }),
  /** Changes `data` of an item that is still open: progress of a running tool. */
  z.object({ type: z.literal('item.patch'), payload: z.object({ itemId: z.string(), data: jsonObject }) }),
  z.object({
    type: z.literal('item.completed'),
    payload: z.object({
      itemId: z.string(),
      status: itemStatusSchema,
      /** Length of the complete content; deltas before this event hold the text itself. */
      length: z.number().int(),
      data: jsonObject,
      completedAt: time,
    }),
  }),
  /** A delta whose text now stands in the merged delta of its completed item. */
  z.object({ type: z.literal('compacted'), payload: z.object({}) }),
]);
export type EventBody = z.infer<typeof eventBodySchema>;

/** One row of the log. `seq` is dense from 1 within a session. */
export type SessionEvent = EventBody & { seq: number; createdAt: string };
export const sessionEventSchema = z.object({
  seq: z.number().int(),
  type: z.string(),
  payload: jsonObject,
  createdAt: time,
});

/** State of a session page and the number of the last event in it. */
export const sessionSnapshotSchema = z.object({
  cursor: z.number().int(),
  session: sessionSchema,
  items: z.array(timelineItemSchema),
});
export type SessionSnapshot = z.infer<typeof sessionSnapshotSchema>;

// ── Requests ────────────────────────────────────────────────────────────────────────────────────────────────────

export const LIST_LIMIT_DEFAULT = 50;
export const LIST_LIMIT_MAX = 200;

const csv = <T extends z.ZodType>(element: T) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',').filter(Boolean) : value),
    z.array(element).optional(),
  );

export const scoreBandNames = ['good', 'fair', 'poor'] as const;
export const scoreBandSchema = z.enum(scoreBandNames);
export type ScoreBand = z.infer<typeof scoreBandSchema>;
/** Totals of each band, both ends included. */
export const scoreBands: Record<ScoreBand, readonly [number, number]> = {
  good: [80, 100],
  fair: [60, 79],
  poor: [0, 59],
};

/** Filters of the session list; the same in the page's address, tRPC, REST and the CLI. */
export const sessionFilterSchema = z.object({
  status: csv(runStatusSchema),
  alertType: z.string().optional(),
  chain: z.string().optional(),
  severity: z.string().optional(),
  review: csv(reviewStatusSchema),
  assignee: z.string().max(200).optional(),
  rating: ratingSchema.optional(),
  /** See `scoreBands`. */
  score: scoreBandSchema.optional(),
  q: z.string().max(500).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
});
export type SessionFilter = z.infer<typeof sessionFilterSchema>;

export const sessionSortSchema = z.enum([
  'createdAt',
  '-createdAt',
  'duration',
  '-duration',
  'cost',
  '-cost',
  'score',
  '-score',
]);
export type SessionSort = z.infer<typeof sessionSortSchema>;

export const pageSchema = z.object({
  limit: z.coerce.number().int().min(1).max(LIST_LIMIT_MAX).default(LIST_LIMIT_DEFAULT),
  cursor: z.string().max(500).optional(),
});

export const listSessionsInputSchema = sessionFilterSchema.extend(pageSchema.shape).extend({
  sort: sessionSortSchema.default('-createdAt'),
});

// ── Trace ───────────────────────────────────────────────────────────────────────────────────────────────────────

export const traceItemSchema = z.discriminatedUnion('kind', [
  z.object({
    id: z.string(),
    kind: z.literal('llm'),
    executionId: z.string().nullable(),
    startedAt: time,
    durationMs: z.number().int(),
    purpose: z.string(),
    iteration: z.number().int(),
    provider: z.string(),
    model: z.string(),
    /** Masked: the messages that were sent, the names of the tools offered. */
    request: z.object({ messages: z.array(z.unknown()), tools: z.array(z.string()) }),
    /** Null or absent when the call failed. */
    response: z.unknown().optional(),
    usage: callUsageSchema,
    error: z.string().nullable(),
  }),
  z.object({
    id: z.string(),
    kind: z.literal('tool'),
    executionId: z.string(),
    startedAt: time,
    durationMs: z.number().int(),
    server: z.string(),
    tool: z.string(),
    status: z.string(),
    request: z.object({ arguments: jsonObject }),
    response: z.object({ text: z.string() }).nullable(),
    outputUrl: z.string().nullable(),
    itemId: z.string(),
    error: z.string().nullable(),
  }),
]);
export type TraceItem = z.infer<typeof traceItemSchema>;
