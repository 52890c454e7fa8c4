import {
  type ApprovalData,
  approvalDataSchema,
  type PauseFacts,
  type PendingApproval,
  pauseFactsSchema,
  type TimelineItem,
} from '#src/features/sessions/schema.ts';
import type { ApprovalView } from '../schema.ts';

/** What a person is asked to decide, wherever it is read from: the timeline, the session, or the inbox. */
export type DecisionRequest = {
  id: string;
  /** Whose names its texts need; null where these are around it. */
  sessionId: string | null;
  kind: PendingApproval['kind'];
  /** `server.tool`; of a question the tool that asks. */
  tool: string;
  /** Masked; what stands there is what would run. */
  arguments: Readonly<Record<string, unknown>>;
  why: string;
  /** Of a question: what is asked, and the answers to choose from. */
  question: string;
  options: readonly string[];
  /** How far a paused agent has come; null for the other kinds. */
  pause: PauseFacts | null;
  expiresAt: string;
  /** Who asks; null where it is not known or plain from what is around it. */
  agent: string | null;
};

/** How it went. */
export type Outcome = {
  decision: 'approved' | 'denied' | 'expired' | 'cancelled';
  by: string | null;
  at: string | null;
  /** Why, or the answer to a question. */
  reason: string | null;
  scope: 'once' | 'session';
  /** How many more iterations a paused agent was given. */
  granted: number | null;
};

const cache = new WeakMap<object, ApprovalData | null>();

/** What an `approval` or `question` item says; null for other items and for data of another shape. */
export function readApprovalData(item: Pick<TimelineItem, 'type' | 'data'>): ApprovalData | null {
  if (item.type !== 'approval' && item.type !== 'question') return null;
  const known = cache.get(item.data);
  if (known !== undefined) return known;
  const parsed = approvalDataSchema.safeParse(item.data);
  const data = parsed.success ? parsed.data : null;
  cache.set(item.data, data);
  return data;
}

const wordsOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];

export const requestOfItem = (item: TimelineItem, data: ApprovalData): DecisionRequest => ({
  id: data.approvalId,
  sessionId: null,
  kind: data.kind,
  tool: `${data.server}.${data.tool}`,
  arguments: data.arguments,
  why: data.why,
  question: data.kind === 'question' ? item.content : '',
  options: data.options ?? [],
  pause: pauseOf(data),
  expiresAt: data.expiresAt,
  agent: null,
});

/** The arguments of a pause say how far the agent has come. */
const pauseOf = ({
  kind,
  arguments: args,
}: Pick<PendingApproval, 'kind' | 'arguments'>): PauseFacts | null =>
  kind === 'pause' ? (pauseFactsSchema.safeParse(args).data ?? null) : null;

/** The arguments of a question hold the question itself and its options. */
const questionOf = (args: Readonly<Record<string, unknown>>) => ({
  question: wordsOf(args.question),
  options: listOf(args.options),
});

export const requestOfPending = (pending: PendingApproval, agent: string | null): DecisionRequest => ({
  id: pending.id,
  sessionId: null,
  kind: pending.kind,
  tool: pending.tool,
  arguments: pending.arguments,
  why: pending.why,
  ...questionOf(pending.kind === 'question' ? pending.arguments : {}),
  pause: pauseOf(pending),
  expiresAt: pending.expiresAt,
  agent,
});

export const requestOfApproval = (approval: ApprovalView): DecisionRequest => ({
  ...requestOfPending(approval, approval.agent),
  sessionId: approval.sessionId,
});

/** How an item's request went; null while it waits. */
export function outcomeOfItem(item: TimelineItem, data: ApprovalData): Outcome | null {
  if (item.status === 'waiting' || item.status === 'streaming') return null;
  return {
    decision: decisionOf(item, data),
    by: data.decidedBy ?? data.answeredBy ?? null,
    at: data.decidedAt ?? item.completedAt,
    reason: data.answer ?? data.reason ?? null,
    scope: data.scope ?? 'once',
    granted: data.granted ?? null,
  };
}

function decisionOf(item: TimelineItem, data: ApprovalData): Outcome['decision'] {
  switch (data.decision) {
    case 'approve':
      return 'approved';
    case 'deny':
      return 'denied';
    case 'expired':
    case 'cancelled':
      return data.decision;
    case undefined:
      return item.status === 'completed' ? 'approved' : item.status === 'timed_out' ? 'expired' : 'cancelled';
  }
}

/** How a request of the inbox went; null while it waits. */
export const outcomeOfApproval = (approval: ApprovalView): Outcome | null =>
  approval.status === 'pending'
    ? null
    : {
        decision: approval.status,
        by: approval.decidedBy,
        at: approval.decidedAt,
        reason: approval.reason,
        scope: approval.scope,
        granted: approval.grantedIterations,
      };
