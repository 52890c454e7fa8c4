import { createSession } from '#src/features/sessions/server/index.ts';
import { chainForAlertType, type QueueConfig, snapshotChain } from '#src/server/config/index.ts';
import type { Sql } from '#src/server/db/database.ts';
import { lockKeys } from '#src/server/db/lock-keys.ts';
import { AppError } from '#src/server/errors.ts';
import type { SessionIdentifiers } from '#src/server/identifiers/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { NewAlert } from './mask-alert.ts';
import { QUEUE_FULL_RETRY_SECONDS, QUEUE_LOCK_MARGIN } from './tunables.ts';
import { insertAlert } from './write-alert.ts';

/**
 * Inserts a new problem with its first delivery, its session and the job that runs it. Throws `too_many_requests` while
 * the queue, or the project's share of it, is full.
 */
export async function startInvestigation(
  sql: Sql,
  kernel: Kernel,
  options: {
    projectId: string;
    actor: string;
    /** The actor, when it is a person. */
    actorId: string | null;
    alert: NewAlert;
    sessionId: string;
    identifiers: Pick<SessionIdentifiers, 'save'>;
    /** Absent: the chain of the alert's type. */
    chain?: string | undefined;
    reservedFor?: string | undefined;
  },
): Promise<{ alertId: string; sessionId: string }> {
  const { projectId, actor, actorId, alert, sessionId, reservedFor } = options;
  const config = kernel.config.current();
  await checkQueue(sql, { projectId, queue: config.queue });
  const chain = options.chain ?? chainForAlertType(config, alert.alertType).name;
  const alertId = await insertAlert(sql, projectId, alert, 'first delivery');
  await createSession(sql, {
    id: sessionId,
    projectId,
    alertId,
    alertType: alert.alertType ?? chain,
    chain,
    chainSnapshot: snapshotChain(config, chain),
    severity: alert.severity,
    title: alert.title,
    author: actor,
    authorId: actorId,
    runbook: alert.runbook,
    mcpSelection: alert.mcp,
    rerunOfId: null,
    searchText: [alert.fingerprint, Object.values(alert.labels).join(' '), alert.data]
      .filter(Boolean)
      .join('\n'),
    reservedFor,
  });
  await options.identifiers.save(sql);
  return { alertId, sessionId };
}

type Place = { projectId: string; queue: Pick<QueueConfig, 'maxPendingSessions' | 'maxPendingPerProject'> };
type Room = { left: number; full: string };

/** Exact also when many arrive at once: near a limit they take turns, so that each counts those before it. */
async function checkQueue(sql: Sql, place: Place): Promise<void> {
  let room = await readRoom(sql, place);
  if (room.left > 0 && room.left <= QUEUE_LOCK_MARGIN) {
    await sql.query('select pg_advisory_xact_lock($1)', [lockKeys.queue]);
    room = await readRoom(sql, place);
  }
  if (room.left > 0) return;
  throw new AppError('too_many_requests', room.full, { retryAfterSeconds: QUEUE_FULL_RETRY_SECONDS });
}

/** How many more the tighter of the two limits lets in, and what to say when it is none. */
async function readRoom(sql: Sql, { projectId, queue }: Place): Promise<Room> {
  const { maxPendingSessions, maxPendingPerProject = maxPendingSessions } = queue;
  const { rows } = await sql.query<{ all: number; own: number }>(
    `select count(*)::int as all, count(*) filter (where project_id = $2)::int as own
     from (select project_id from session where status = 'pending' limit $1) waiting`,
    [maxPendingSessions, projectId],
  );
  const { all, own } = rows[0] ?? { all: 0, own: 0 };
  const whole = {
    left: maxPendingSessions - all,
    full: `The queue is full (${maxPendingSessions} sessions wait).`,
  };
  const share = {
    left: maxPendingPerProject - own,
    full: `The project's share of the queue is full (${maxPendingPerProject} of its sessions wait).`,
  };
  return share.left < whole.left ? share : whole;
}
