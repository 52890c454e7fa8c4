import type { CheckOutcome } from '#src/lib/check-outcome.ts';

/** What a message speaks of, as it stands in the database: masked when it came in, but otherwise as outsiders wrote it. */
export type MessageFacts = {
  session: {
    id: string;
    project: string;
    title: string;
    alertType: string;
    severity: string | null;
    fingerprint: string | null;
    status: string;
    statusReason: string | null;
    executiveSummary: string | null;
    finalAnalysis: string | null;
    error: string | null;
    startedAt: Date | null;
    completedAt: Date | null;
    /** Null while it is not over. */
    durationMs: number | null;
    /** Both absent where costs are not shown. */
    costUsd?: number;
    unpricedCalls?: number;
    /** Firing deliveries of its alert. */
    alertCount: number;
  };
  /** Of a scheduled check's run that has ended; null otherwise. */
  check: CheckFacts | null;
  /** The request that the message is about, if it is about one. */
  approval: ApprovalFacts | null;
};

export type CheckFacts = {
  name: string;
  /** Null when it was cancelled. */
  outcome: CheckOutcome | null;
  findings: number;
  since: Date | null;
  /** Earlier runs had found the same. */
  unchanged: boolean;
  /** It is healthy, and the last run that could tell had findings. */
  recovered: boolean;
};

export type ApprovalFacts = {
  id: string;
  /** `tool`, `question`, … */
  kind: string;
  status: 'pending' | 'approved' | 'denied' | 'expired' | 'cancelled';
  itemId: string;
  server: string;
  tool: string;
  arguments: unknown;
  why: string;
  expiresAt: Date;
  decidedAt: Date | null;
  decidedBy: string | null;
  /** Why it was decided so; the answer where it was a question. */
  reason: string | null;
};
