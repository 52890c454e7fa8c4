import { isTerminal, pauseFactsSchema, type RunStatus } from '#src/features/sessions/schema.ts';
import { costView } from '#src/features/sessions/server/index.ts';
import type { Sql } from '#src/server/db/database.ts';
import { AppError, notFound } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { ApprovalStatus, ApprovalView, DecisionInput } from '../schema.ts';
import { assertFits, settlementOf } from './apply-decision.ts';
import { cancelInTransaction } from './cancel-execution.ts';
import { readApproval } from './list-approvals.ts';
import { maskSaid } from './mask-said.ts';
import { type OpenApproval, settleApproval } from './settle-approval.ts';

/**
 * Takes a person's decision on a waiting call or a paused agent, or their answer to a question, and has the run go on with
 * it. Throws `not_found` outside the project, `bad_request` for a decision that does not fit, and `conflict` when somebody
 * was faster, it expired, or its session has ended; the conflict says which.
 */
export async function decideApproval(
  kernel: Kernel,
  options: DecisionInput & { projectId: string; approvalId: string; actor: string },
): Promise<ApprovalView> {
  const { projectId, approvalId, actor } = options;
  const said = options.answer ?? options.reason;
  return kernel.database.transaction(async (sql) => {
    const approval = await lockApproval(sql, { projectId, approvalId });
    assertOpen(approval);
    assertFits(approval.kind, options);
    const reason = said ? await maskSaid(kernel, sql, { sessionId: approval.session_id, said }) : null;
    const more = approval.kind === 'pause' ? pauseFactsSchema.parse(approval.arguments).more : 0;
    await settleApproval(sql, approval, settlementOf(options, { reason, more }));
    if (options.decision === 'cancel') {
      const { session_id: sessionId, execution_id: executionId } = approval;
      await cancelInTransaction(sql, { projectId, sessionId, executionId, actor, reason });
    }
    return costView(kernel).request(await readApproval(sql, { projectId, approvalId }));
  });
}

type LockedApproval = OpenApproval & {
  execution_id: string;
  status: ApprovalStatus;
  arguments: unknown;
  decided_by: string | null;
  decided_at: Date | null;
  overdue: boolean;
  session_status: RunStatus;
  /** Its agent, or what that belongs to, is about to be ended: nothing that is decided now would be taken up. */
  ending: boolean;
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
    `select a.id, a.session_id, a.execution_id, a.item_id, a.kind, a.status, a.arguments, a.decided_by, a.decided_at,
       a.expires_at <= now() as overdue, stage.follow_up_id, s.status as session_status,
       e.cancel_requested_by is not null or coalesce(f.status, s.status) = 'cancelling' as ending
     from approval a join session s on s.id = a.session_id join execution e on e.id = a.execution_id
       join stage on stage.id = e.stage_id left join follow_up f on f.id = stage.follow_up_id
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
  const isPause = approval.kind === 'pause';
  switch (approval.status) {
    case 'pending':
      if (approval.ending) throw new AppError('conflict', 'What asked for it is being cancelled.');
      if (!approval.overdue) return;
      throw new AppError('conflict', 'The request has expired; the run goes on without it.');
    case 'approved':
      throw new AppError(
        'conflict',
        `${by} has already ${isPause ? 'let it go on' : 'approved this'}, at ${when}.`,
      );
    case 'denied':
      throw new AppError(
        'conflict',
        `${by} has already ${isPause ? 'asked for its conclusion' : 'denied this'}, at ${when}.`,
      );
    case 'expired':
      throw new AppError('conflict', `The request expired at ${when}; the run went on without it.`);
    case 'cancelled':
      if (approval.decided_by !== null)
        throw new AppError('conflict', `${by} has already cancelled this agent, at ${when}.`);
      throw new AppError(
        'conflict',
        isTerminal(approval.session_status) ? 'Its session has ended.' : 'Its agent has ended.',
      );
  }
}
