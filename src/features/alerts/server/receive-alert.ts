import { appendEvents, createSession } from '#src/features/sessions/server/index.ts';
import { chainForAlertType, snapshotChain } from '#src/server/config/index.ts';
import type { Sql } from '#src/server/db/database.ts';
import { AppError } from '#src/server/errors.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { IncomingAlert } from '../schema.ts';
import { maskAlert } from './mask-alert.ts';
import { QUEUE_FULL_RETRY_SECONDS } from './tunables.ts';

export type Received = {
  alertId: string;
  /** Null for a resolve that no session belongs to. */
  sessionId: string | null;
  fingerprint: string | null;
  alertStatus: 'firing' | 'resolved';
  sessionStatus: string | null;
  deduplicated: boolean;
};

type OpenAlert = {
  id: string;
  session_id: string | null;
  session_status: string | null;
  count: number;
  fresh: boolean;
};

/**
 * Takes one delivery of an alert: masks it and, in one transaction, either starts an investigation (alert, session and
 * job rows) or counts it on the open problem with the same fingerprint. When this resolves, nothing can be lost.
 * Throws `too_many_requests` for a new problem while the queue is full, `bad_request` for unknown MCP servers.
 */
export async function receiveAlert(
  kernel: Kernel,
  options: { projectId: string; actor: string; alert: IncomingAlert },
): Promise<Received> {
  const { projectId, actor } = options;
  checkServers(kernel, options.alert);
  const alert = maskAlert(kernel.config.current(), options.alert);
  const received = await kernel.database.transaction(async (sql) => {
    const known = alert.idempotencyKey
      ? await findByIdempotencyKey(sql, projectId, alert.idempotencyKey)
      : null;
    if (known) return known;
    const open = alert.fingerprint ? await findOpenAlert(sql, kernel, projectId, alert.fingerprint) : null;
    if (alert.status === 'resolved') return resolveAlert(sql, projectId, alert, open);
    if (open?.fresh) return countRepeat(sql, alert, open);
    if (open) await sql.query(`update alert set status = 'expired' where id = $1`, [open.id]);
    return startInvestigation(sql, kernel, { projectId, actor, alert });
  });
  kernel.metrics.alertsReceived.inc({
    source: alert.source,
    outcome: alert.status === 'resolved' ? 'resolved' : received.deduplicated ? 'merged' : 'started',
  });
  return received;
}

function checkServers(kernel: Kernel, alert: IncomingAlert): void {
  const known = Object.keys(kernel.config.current().mcpServers);
  const fields = (alert.mcp?.servers ?? []).flatMap((server, index) =>
    known.includes(server.name)
      ? []
      : [
          {
            path: `mcp.servers[${index}].name`,
            message: `no such MCP server; configured: ${known.join(', ') || 'none'}`,
          },
        ],
  );
  if (fields.length > 0)
    throw new AppError('bad_request', 'The alert names an unknown MCP server.', { fields });
}

async function findByIdempotencyKey(sql: Sql, projectId: string, key: string): Promise<Received | null> {
  // Held to the end of the transaction: of two deliveries at once the second sees what the first has written.
  await lockFor(sql, `idempotency:${projectId}:${key}`);
  const { rows } = await sql.query<{
    alert_id: string;
    session_id: string;
    fingerprint: string | null;
    status: string;
  }>(
    `select k.alert_id, k.session_id, a.fingerprint, s.status from idempotency_key k
     join alert a on a.id = k.alert_id join session s on s.id = k.session_id
     where k.project_id = $1 and k.key = $2`,
    [projectId, key],
  );
  const row = rows[0];
  if (!row) return null;
  return {
    alertId: row.alert_id,
    sessionId: row.session_id,
    fingerprint: row.fingerprint,
    alertStatus: 'firing',
    sessionStatus: row.status,
    deduplicated: true,
  };
}

async function lockFor(sql: Sql, what: string): Promise<void> {
  await sql.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [what]);
}

async function findOpenAlert(
  sql: Sql,
  kernel: Kernel,
  projectId: string,
  fingerprint: string,
): Promise<OpenAlert | null> {
  await lockFor(sql, `alert:${projectId}:${fingerprint}`);
  const { rows } = await sql.query<OpenAlert>(
    `select a.id, a.count, s.id as session_id, s.status as session_status,
       a.last_fired_at > now() - $3 * interval '1 millisecond' as fresh
     from alert a left join lateral (
       select id, status from session where alert_id = a.id order by arrival desc limit 1) s on true
     where a.project_id = $1 and a.fingerprint = $2 and a.status = 'firing'`,
    [projectId, fingerprint, kernel.config.current().dedup.window],
  );
  return rows[0] ?? null;
}

async function countRepeat(sql: Sql, alert: IncomingAlert, open: OpenAlert): Promise<Received> {
  const { rows } = await sql.query<{ count: number; last_fired_at: Date }>(
    'update alert set count = count + 1, last_fired_at = now() where id = $1 returning count, last_fired_at',
    [open.id],
  );
  await addDelivery(sql, open.id, alert, 'same fingerprint, the problem was still open');
  const row = rows[0];
  if (open.session_id && row) {
    await appendEvents(sql, {
      sessionId: open.session_id,
      events: [
        {
          type: 'session.patch',
          payload: { alert: { count: row.count, lastFiredAt: row.last_fired_at.toISOString() } },
        },
      ],
    });
  }
  return receivedFor(alert, open, 'firing', true);
}

async function resolveAlert(
  sql: Sql,
  projectId: string,
  alert: IncomingAlert,
  open: OpenAlert | null,
): Promise<Received> {
  if (!open) return recordLoneResolve(sql, projectId, alert);
  const { rows } = await sql.query<{ resolved_at: Date }>(
    `update alert set status = 'resolved', resolved_at = now() where id = $1 returning resolved_at`,
    [open.id],
  );
  await addDelivery(sql, open.id, alert, 'resolved by the sender');
  if (open.session_id) {
    await appendEvents(sql, {
      sessionId: open.session_id,
      events: [
        {
          type: 'session.patch',
          payload: { alert: { status: 'resolved', resolvedAt: rows[0]?.resolved_at.toISOString() ?? null } },
        },
      ],
    });
  }
  return receivedFor(alert, open, 'resolved', true);
}

/** A resolve of something unknown, or resolved before: kept once, starts nothing. */
async function recordLoneResolve(sql: Sql, projectId: string, alert: IncomingAlert): Promise<Received> {
  const earlier = await sql.query<{ id: string }>(
    `select id from alert where project_id = $1 and fingerprint = $2 and status = 'resolved' order by last_fired_at desc limit 1`,
    [projectId, alert.fingerprint],
  );
  const id = earlier.rows[0]?.id ?? (await insertAlert(sql, projectId, alert));
  await addDelivery(sql, id, alert, 'resolved; no open problem with this fingerprint');
  return {
    alertId: id,
    sessionId: null,
    fingerprint: alert.fingerprint,
    alertStatus: 'resolved',
    sessionStatus: null,
    deduplicated: false,
  };
}

async function startInvestigation(
  sql: Sql,
  kernel: Kernel,
  options: { projectId: string; actor: string; alert: IncomingAlert },
): Promise<Received> {
  const { projectId, actor, alert } = options;
  const config = kernel.config.current();
  const pending = await sql.query<{ n: number }>(
    `select count(*)::int as n from session where status = 'pending'`,
  );
  if ((pending.rows[0]?.n ?? 0) >= config.queue.maxPendingSessions) {
    throw new AppError(
      'too_many_requests',
      `The queue is full (${config.queue.maxPendingSessions} sessions wait).`,
      {
        retryAfterSeconds: QUEUE_FULL_RETRY_SECONDS,
      },
    );
  }
  const { name: chain } = chainForAlertType(config, alert.alertType);
  const alertId = await insertAlert(sql, projectId, alert);
  await addDelivery(sql, alertId, alert, 'first delivery');
  const sessionId = await createSession(sql, {
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
  });
  if (alert.idempotencyKey) {
    await sql.query(
      'insert into idempotency_key (project_id, key, alert_id, session_id) values ($1, $2, $3, $4)',
      [projectId, alert.idempotencyKey, alertId, sessionId],
    );
  }
  return {
    alertId,
    sessionId,
    fingerprint: alert.fingerprint,
    alertStatus: 'firing',
    sessionStatus: 'pending',
    deduplicated: false,
  };
}

async function insertAlert(sql: Sql, projectId: string, alert: IncomingAlert): Promise<string> {
  const id = newId();
  const resolved = alert.status === 'resolved';
  await sql.query(
    `insert into alert (id, project_id, source, fingerprint, status, alert_type, title, severity, labels, annotations, data,
       count, starts_at, first_fired_at, last_fired_at, resolved_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, now(), now(), case when $14 then now() end)`,
    [
      id,
      projectId,
      alert.source,
      alert.fingerprint,
      alert.status,
      alert.alertType ?? 'alert',
      alert.title,
      alert.severity,
      JSON.stringify(alert.labels),
      JSON.stringify(alert.annotations),
      alert.data,
      resolved ? 0 : 1,
      alert.startsAt,
      resolved,
    ],
  );
  return id;
}

async function addDelivery(sql: Sql, alertId: string, alert: IncomingAlert, reason: string): Promise<void> {
  await sql.query(
    'insert into alert_delivery (id, alert_id, source, status, reason) values ($1, $2, $3, $4, $5)',
    [newId(), alertId, alert.source, alert.status, reason],
  );
}

const receivedFor = (
  alert: IncomingAlert,
  open: OpenAlert,
  alertStatus: 'firing' | 'resolved',
  deduplicated: boolean,
): Received => ({
  alertId: open.id,
  sessionId: open.session_id,
  fingerprint: alert.fingerprint,
  alertStatus,
  sessionStatus: open.session_status,
  deduplicated,
});
