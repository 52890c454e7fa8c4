import { notifyApproval } from '#src/features/notifications/server/index.ts';
import type { PauseFacts } from '#src/features/sessions/schema.ts';
import { type Batch, emitPendingApprovals } from '#src/features/sessions/server/index.ts';
import { newId } from '#src/server/ids.ts';

type Request = {
  sessionId: string;
  place: { stageId: string; executionId: string; parentExecutionId: string | null };
  why: string;
  expiresAfterMs: number;
};

export type ApprovalRequest = Request & {
  call: { iteration: number; index: number; callId: string; server: string; tool: string };
  kind: 'tool' | 'question';
  /** Masked. */
  arguments: Record<string, unknown>;
};

/** Masked. */
export type PauseRequest = Request & { facts: PauseFacts };

/** Asks people to decide on a planned call: its row, its timeline item, and the news of it, in the run's commit. */
export function requestApproval(batch: Batch, request: ApprovalRequest): Promise<string> {
  const { call, kind, why } = request;
  return insertRequest(batch, request, {
    kind,
    ...call,
    content: kind === 'question' ? questionText(request.arguments) : why,
    data: {
      callId: call.callId,
      ...(kind === 'question' ? { options: questionOptions(request.arguments) } : {}),
    },
  });
}

/** Asks people whether an agent that has used its iterations up may go on; likewise. */
export function requestPause(batch: Batch, request: PauseRequest): Promise<string> {
  const { facts, why } = request;
  return insertRequest(
    batch,
    { ...request, arguments: facts },
    { kind: 'pause', server: 'tars', tool: 'pause', content: why, atIterations: facts.iterations },
  );
}

async function insertRequest(
  batch: Batch,
  request: Request & { arguments: Record<string, unknown> },
  subject: {
    kind: 'tool' | 'question' | 'pause';
    server: string;
    tool: string;
    /** Of the item. */
    content: string;
    data?: Record<string, unknown>;
    /** The planned call, unless it is a pause. */
    iteration?: number;
    index?: number;
    atIterations?: number;
  },
): Promise<string> {
  const { sessionId, place, why } = request;
  const { kind, server, tool } = subject;
  const id = newId();
  const expiresAt = new Date(Date.now() + request.expiresAfterMs);
  const itemId = batch.startItem({
    ...place,
    type: kind === 'question' ? 'question' : 'approval',
    status: 'waiting',
    content: subject.content,
    data: {
      approvalId: id,
      kind,
      server,
      tool,
      arguments: request.arguments,
      why,
      expiresAt: expiresAt.toISOString(),
      ...subject.data,
    },
  });
  await batch.sql.query(
    `with waiting as (
       update tool_call set status = 'waiting' where execution_id = $3 and iteration = $4 and index = $5 returning id
     )
     insert into approval (id, project_id, session_id, execution_id, tool_call_id, item_id, kind, server, tool, arguments,
       why, requested_at, expires_at, at_iterations)
     select $1, session.project_id, session.id, $3, waiting.id, $6, $7::"ApprovalKind", $8, $9, $10, $11, now(), $12, $13
     from session left join waiting on true where session.id = $2`,
    [
      id,
      sessionId,
      place.executionId,
      subject.iteration ?? null,
      subject.index ?? null,
      itemId,
      kind,
      server,
      tool,
      JSON.stringify(request.arguments),
      why,
      expiresAt,
      subject.atIterations ?? null,
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
