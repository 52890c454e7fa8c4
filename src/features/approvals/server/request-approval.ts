import { notifyApproval } from '#src/features/notifications/server/index.ts';
import { type Batch, emitPendingApprovals } from '#src/features/sessions/server/index.ts';
import { newId } from '#src/server/ids.ts';

export type ApprovalRequest = {
  sessionId: string;
  place: { stageId: string; executionId: string; parentExecutionId: string | null };
  call: { iteration: number; index: number; callId: string; server: string; tool: string };
  kind: 'tool' | 'question';
  /** Masked. */
  arguments: Record<string, unknown>;
  why: string;
  expiresAfterMs: number;
};

/** Asks people to decide on a planned call: its row, its timeline item, and the news of it, in the run's commit. */
export async function requestApproval(batch: Batch, request: ApprovalRequest): Promise<string> {
  const { sessionId, place, call, kind, why } = request;
  const id = newId();
  const expiresAt = new Date(Date.now() + request.expiresAfterMs);
  const itemId = batch.startItem({
    ...place,
    type: kind === 'question' ? 'question' : 'approval',
    status: 'waiting',
    content: kind === 'question' ? questionText(request.arguments) : why,
    data: {
      approvalId: id,
      callId: call.callId,
      kind,
      server: call.server,
      tool: call.tool,
      arguments: request.arguments,
      why,
      expiresAt: expiresAt.toISOString(),
      ...(kind === 'question' ? { options: questionOptions(request.arguments) } : {}),
    },
  });
  await batch.sql.query(
    `with waiting as (
       update tool_call set status = 'waiting' where execution_id = $3 and iteration = $4 and index = $5 returning id
     )
     insert into approval (id, project_id, session_id, execution_id, tool_call_id, item_id, kind, server, tool, arguments,
       why, requested_at, expires_at)
     select $1, session.project_id, session.id, $3, waiting.id, $6, $7::"ApprovalKind", $8, $9, $10, $11, now(), $12
     from session, waiting where session.id = $2`,
    [
      id,
      sessionId,
      place.executionId,
      call.iteration,
      call.index,
      itemId,
      kind,
      call.server,
      call.tool,
      JSON.stringify(request.arguments),
      why,
      expiresAt,
    ],
  );
  await notifyApproval(batch.sql, { sessionId, approvalId: id });
  await emitPendingApprovals(batch, sessionId);
  return id;
}

const questionText = (args: Record<string, unknown>): string =>
  typeof args.question === 'string' ? args.question : '';

const questionOptions = (args: Record<string, unknown>): string[] =>
  Array.isArray(args.options) ? args.options.filter((option) => typeof option === 'string') : [];
