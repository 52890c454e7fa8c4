import { z } from 'zod';
import { sessionCheckSchema } from '#src/features/check-outcomes/schema.ts';
import { jsonObject, time } from './schema-parts.ts';
import { runStatusSchema } from './schema-statuses.ts';

export const executionSchema = z.object({
  id: z.string(),
  stageId: z.string(),
  parentExecutionId: z.string().nullable(),
  index: z.number().int(),
  agent: z.string(),
  status: runStatusSchema,
  provider: z.string(),
  model: z.string(),
  /** What it started with, once another provider has taken over. Absent in events from before this was noted. */
  originalProvider: z.string().nullable().default(null),
  originalModel: z.string().nullable().default(null),
  iterations: z.number().int(),
  /** What the parent asked of it; only for sub-agents. */
  task: z.string().nullable(),
  error: z.string().nullable(),
  startedAt: time.nullable(),
  completedAt: time.nullable(),
});
export type ExecutionView = z.infer<typeof executionSchema>;

export const stageTypeSchema = z.enum(['investigation', 'synthesis', 'summary', 'chat', 'scoring', 'action']);
/** Whose agents a person may cancel one by one; those of the other stages are one call that ends by itself. */
export const cancelledAlone: ReadonlySet<z.infer<typeof stageTypeSchema>> = new Set([
  'investigation',
  'action',
  'synthesis',
  'chat',
]);
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

export const approvalKindSchema = z.enum(['tool', 'question', 'pause']);

/** How far an agent has come that asks whether to go on: the `arguments` of a `pause`. Masked. */
export const pauseFactsSchema = z.object({
  /** Model answers it has used. */
  iterations: z.number().int(),
  /** How many more it gets when nobody says otherwise. */
  more: z.number().int(),
  toolCalls: z.number().int(),
  tokens: z.number().int(),
  /** Without the calls whose price is unknown; both absent where costs are not shown. */
  costUsd: z.number().optional(),
  unpricedCalls: z.number().int().optional(),
  /** The end of what it said last; empty when it has said nothing. */
  found: z.string(),
});
export type PauseFacts = z.infer<typeof pauseFactsSchema>;

/** A tool call that waits for a person, a question of an agent, or an agent at its limit (`kind`). Arguments are masked. */
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

/** `data` of an `approval` item (a call or a pause), and of a `question` item, which has options and answer on top. */
export const approvalDataSchema = z.object({
  approvalId: z.string(),
  /** Absent for a pause. */
  callId: z.string().optional(),
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
  /** Of a pause: how many more iterations it was given. */
  granted: z.number().int().optional(),
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
  /** Without the calls whose price is unknown. Absent, as the next, where costs are not shown (`costs.enabled: false`). */
  costUsd: z.number().optional(),
  /** Model calls whose price is unknown. */
  unpricedCalls: z.number().int().optional(),
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
  /** The scheduled check that it runs for; null for what an alert has started. */
  check: sessionCheckSchema.nullable(),
  usage: usageSchema,
  counts: countsSchema,
  /** Events up to this number have been removed by `retention.events`; 0 while all are kept. */
  eventsRemovedUpTo: z.number().int(),
  pendingApprovals: z.array(pendingApprovalSchema),
});
export type SessionView = z.infer<typeof sessionSchema>;

export const scoringStates = ['not_scored', 'running', 'scored', 'failed'] as const;
/** Where its newest score stands. */
export const scoringSchema = z.enum(scoringStates);
export type Scoring = z.infer<typeof scoringSchema>;

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
    /** Of the investigation; skipped ones are done. */
    stages: z.object({ done: z.number().int(), total: z.number().int() }),
    /** Whether several agents of a stage work side by side. */
    parallel: z.boolean(),
    subAgents: z.number().int(),
    /** Whether it has a stage that acts. */
    actionStage: z.boolean(),
    /** Whether a tool that is not read-only was run, or an action stage reports that it changed something. */
    changed: z.boolean(),
    /** Questions put to it after its end. */
    chatTurns: z.number().int(),
    /** How often another provider had to answer. */
    providerFallbacks: z.number().int(),
    scoring: scoringSchema,
    /** Of a search: whether only its timeline or chat holds the words. */
    foundInTimeline: z.boolean(),
  });
export type SessionListItem = z.infer<typeof sessionListItemSchema>;
