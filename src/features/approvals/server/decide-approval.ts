import { storable } from '#src/lib/storable-text.ts';
import type { Sql } from '#src/server/db/database.ts';
import { AppError, notFound } from '#src/server/errors.ts';
import { loadSessionMasker } from '#src/server/identifiers/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { ApprovalStatus, ApprovalView, DecisionInput } from '../schema.ts';
import { readApproval } from './list-approvals.ts';
import { type OpenApproval, type Settlement, settleApproval } from './settle-approval.ts';

/**
 * Takes a person's decision on a waiting call, or their answer to a question, and has the run go on with it. Throws
 * `not_found` outside the project, `bad_request` for an answer that does not fit, and `conflict` when somebody was faster,
 * it expired, or its session has ended; the conflict says which.
 */
export async function decideApproval(
  kernel: Kernel,
  options: DecisionInput & { projectId: string; approvalId: string; actor: string },
): Promise<ApprovalView> {
  const { projectId, approvalId } = options;
  const said = options.answer ?? options.reason;
  return kernel.database.transaction(async (sql) => {
    const approval = await lockApproval(sql, { projectId, approvalId });
    assertOpen(approval);
    assertFits(approval, options);
    const reason = said ? await maskSaid(kernel, sql, approval.session_id, said) : null;
    await settleApproval(sql, approval, settlementOf(approval, options, reason));
    return readApproval(sql, { projectId, approvalId });
  });
}

/** What people say goes to the model, which must not learn from them what the session hides. */
async function maskSaid(kernel: Kernel, sql: Sql, sessionId: string, said: string): Promise<string> {
  const masker = await loadSessionMasker(kernel, sql, sessionId);
  const masked = storable(masker.text(said));
  await masker.identifiers.save(sql);
  return masked;
}

type LockedApproval = OpenApproval & {
  status: ApprovalStatus;
  decided_by: string | null;
  decided_at: Date | null;
  overdue: boolean;
};

/** The session before what is below it, as every writer does. */
async function lockApproval(
  sql: Sql,
  { projectId, approvalId }: { projectId: string; approvalId: string },
): Promise<LockedApproval> {
  await sql.query(
    'select 1 from session where id = (select session_id from approval where id = $1 and project_id = $2) for update',
    [approvalId, projectId],
  );
  const { rows } = await sql.query<LockedApproval>(
    `select a.id, a.session_id, a.item_id, a.kind, a.status, a.decided_by, a.decided_at, a.expires_at <= now() as overdue,
       stage.follow_up_id
     from approval a join execution e on e.id = a.execution_id join stage on stage.id = e.stage_id
     where a.id = $1 and a.project_id = $2 for update of a`,
    [approvalId, projectId],
  );
  const row = rows[0];
  if (!row) throw notFound('Approval');
  return row;
}

function assertOpen(approval: LockedApproval): void {
  const by = approval.decided_by ?? 'somebody';
  const when = approval.decided_at?.toISOString() ?? '';
  switch (approval.status) {
    case 'pending':
      if (!approval.overdue) return;
      throw new AppError('conflict', 'The request has expired; the run goes on without it.');
    case 'approved':
      throw new AppError('conflict', `${by} has already approved this, at ${when}.`);
    case 'denied':
      throw new AppError('conflict', `${by} has already denied this, at ${when}.`);
    case 'expired':
      throw new AppError('conflict', `The request expired at ${when}; the run went on without it.`);
    case 'cancelled':
      throw new AppError('conflict', 'Its session has ended.');
  }
}

function assertFits(approval: LockedApproval, { decision, answer, scope }: DecisionInput): void {
  const refuse = (path: string, message: string) =>
    new AppError('bad_request', message, { fields: [{ path, message }] });
  if (approval.kind === 'tool' && answer !== undefined)
    throw refuse('answer', 'This is a tool call, which takes no answer; use "reason".');
  if (approval.kind !== 'question') return;
  if (decision === 'approve' && answer === undefined)
    throw refuse('answer', 'This is a question: give the answer, or "deny" it.');
  if (scope === 'session') throw refuse('scope', 'An answer holds for its question only.');
}

function settlementOf(
  approval: LockedApproval,
  { decision, scope, actor }: DecisionInput & { actor: string },
  reason: string | null,
): Settlement {
  if (decision === 'deny') return { status: 'denied', decidedBy: actor, reason, scope: 'once' };
  return {
    status: 'approved',
    decidedBy: actor,
    reason,
    scope: approval.kind === 'question' ? 'once' : scope,
  };
}
