import { createSession } from '#src/features/sessions/server/index.ts';
import { chainForAlertType, snapshotChain } from '#src/server/config/index.ts';
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
 * the queue is full.
 */
export async function startInvestigation(
  sql: Sql,
  kernel: Kernel,
  options: {
    projectId: string;
    actor: string;
    alert: NewAlert;
    sessionId: string;
    identifiers: Pick<SessionIdentifiers, 'save'>;
    /** Absent: the chain of the alert's type. */
    chain?: string | undefined;
    reservedFor?: string | undefined;
  },
): Promise<{ alertId: string; sessionId: string }> {
  const { projectId, actor, alert, sessionId, reservedFor } = options;
  const config = kernel.config.current();
  await checkQueue(sql, config.queue.maxPendingSessions);
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

/** Exact also when many arrive at once: near the limit they take turns, so that each counts those before it. */
async function checkQueue(sql: Sql, maxPending: number): Promise<void> {
  let pending = await countPending(sql, maxPending);
  if (pending < maxPending && pending >= maxPending - QUEUE_LOCK_MARGIN) {
    await sql.query('select pg_advisory_xact_lock($1)', [lockKeys.queue]);
    pending = await countPending(sql, maxPending);
  }
  if (pending < maxPending) return;
  throw new AppError('too_many_requests', `The queue is full (${maxPending} sessions wait).`, {
    retryAfterSeconds: QUEUE_FULL_RETRY_SECONDS,
  });
}

async function countPending(sql: Sql, upTo: number): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    `select count(*)::int as n from (select 1 from session where status = 'pending' limit $1) waiting`,
    [upTo],
  );
  return rows[0]?.n ?? 0;
}
