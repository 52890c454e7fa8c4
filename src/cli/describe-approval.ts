import type { ApprovalView } from '#src/features/approvals/schema.ts';
import { type ApprovalData, type PendingApproval, pauseFactsSchema } from '#src/features/sessions/schema.ts';
import { describeRequest } from '#src/lib/describe-request.ts';
import { formatCount, formatQuantity, formatSpend } from '#src/lib/format-number.ts';

type Request = Pick<PendingApproval, 'kind' | 'tool' | 'arguments' | 'why'>;

/** A request with what somebody needs to know to decide on it, and the commands that do. */
export function describeApproval(approval: ApprovalView): string[] {
  const { id, kind, status, agent, sessionId, sessionTitle } = approval;
  const { heading } = describeRequest(kind);
  const state = status === 'pending' ? `expires ${approval.expiresAt}` : describeDecision(approval);
  return [
    `${heading}: ${agent} in ${sessionTitle}; ${state}`,
    `  session ${sessionId}`,
    ...describeSubject(approval).map((line) => `  ${line}`),
    ...(status === 'pending' ? [`  ${howToDecide({ id, kind })}`] : []),
  ];
}

/** The same of a session's own, in one line and its subject. */
export const describePending = (pending: PendingApproval): string[] => [
  `${describeRequest(pending.kind).heading}, until ${pending.expiresAt}`,
  ...[...describeSubject(pending), howToDecide(pending)].map((line) => `  ${line}`),
];

/** What is asked, in a line or two. */
export function describeSubject({ kind, tool, arguments: given, why }: Request): string[] {
  if (kind === 'pause') return [why, ...describePause(given)];
  if (kind === 'question') return [String(given.question ?? why), ...listOptions(given.options)];
  return [`${tool} ${JSON.stringify(given)}`, why];
}

const listOptions = (options: unknown): string[] =>
  Array.isArray(options) ? options.map((option) => `- ${String(option)}`) : [];

function describePause(facts: PendingApproval['arguments']): string[] {
  const pause = pauseFactsSchema.safeParse(facts).data;
  if (!pause) return [];
  const spend = formatSpend(pause);
  const used = [formatQuantity(pause.toolCalls, 'tool call'), `${formatCount(pause.tokens)} tokens`];
  return [
    [...used, ...(spend === null ? [] : [spend])].join(', '),
    ...(pause.found === '' ? [] : [`It said last: ${pause.found.replace(/\s+/g, ' ').trim()}`]),
  ];
}

/** The commands that fit the kind of request. */
export function howToDecide({ id, kind }: Pick<PendingApproval, 'id' | 'kind'>): string {
  const commands = {
    tool: `approve ${id}, or deny ${id} --reason TEXT`,
    question: `answer ${id} TEXT, or deny ${id}`,
    pause: `continue ${id}, conclude ${id}, or cancel ${id}`,
  }[kind];
  return `decide: tars approval ${commands}`;
}

/** "Denied by anna at 2026-11-27T08:10:00.000Z: not in business hours". */
export function describeDecision({
  kind,
  status,
  decidedBy,
  decidedAt,
  reason,
}: Pick<ApprovalView, 'kind' | 'status' | 'decidedBy' | 'decidedAt' | 'reason'>): string {
  if (status === 'pending') return 'waits';
  const by = decidedBy === null ? '' : ` by ${decidedBy}`;
  const at = decidedAt === null ? '' : ` at ${decidedAt}`;
  return `${describeRequest(kind)[status]}${by}${at}${reason ? `: ${reason}` : ''}`;
}

const STATUSES = { approve: 'approved', deny: 'denied', expired: 'expired', cancelled: 'cancelled' } as const;

/** How the item of a request ended, once it has. */
export const decisionOf = (data: ApprovalData): string =>
  describeDecision({
    kind: data.kind,
    status: data.decision ? STATUSES[data.decision] : 'pending',
    decidedBy: data.decidedBy ?? data.answeredBy ?? null,
    decidedAt: null,
    reason: data.answer ?? data.reason ?? null,
  });
