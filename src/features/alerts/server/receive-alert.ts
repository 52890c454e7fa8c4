import type { SessionPatch } from '#src/features/sessions/schema.ts';
import { appendEvents } from '#src/features/sessions/server/index.ts';
import type { Sql } from '#src/server/db/database.ts';
import type { SessionIdentifiers } from '#src/server/identifiers/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { IncomingAlert } from '../schema.ts';
import {
  findByIdempotencyKey,
  findFlapping,
  findLatestResolved,
  findOpenAlert,
  type KnownAlert,
} from './find-known-alert.ts';
import type { MaskedAlert, NewAlert } from './mask-alert.ts';
import { prepareAlert } from './prepare-alert.ts';
import { startInvestigation } from './start-investigation.ts';
import { addDelivery, insertAlert, rememberIdempotencyKey } from './write-alert.ts';

export type Received = {
  alertId: string;
  /** Null for a resolve that no session belongs to. */
  sessionId: string | null;
  fingerprint: string | null;
  alertStatus: 'firing' | 'resolved';
  sessionStatus: string | null;
  deduplicated: boolean;
};

/**
 * Takes one delivery of an alert: masks it and, in one transaction, either starts an investigation (alert, session and
 * job rows) or counts it on the open problem with the same fingerprint. When this resolves, nothing can be lost.
 * `reservedFor` names the only runner that may take the session. Throws `too_many_requests` for a new problem while the
 * queue is full, `bad_request` for unknown MCP servers and a runbook that may not be fetched.
 */
export async function receiveAlert(
  kernel: Kernel,
  options: {
    projectId: string;
    actor: string;
    /** The sender, when it is a person: an investigation uses their sign-ins. */
    actorId?: string | null;
    alert: IncomingAlert;
    reservedFor?: string | undefined;
  },
): Promise<Received> {
  const { projectId, actor, actorId = null, reservedFor } = options;
  const { alert, sessionId, identifiers } = await prepareAlert(kernel, { projectId, alert: options.alert });
  const received = await kernel.database.transaction(async (sql) => {
    const known = await findByIdempotencyKey(sql, projectId, alert.idempotencyKey);
    if (known) return takenAs(known, alert.status, true);
    const result = await take(sql, kernel, {
      projectId,
      actor,
      actorId,
      alert,
      sessionId,
      identifiers,
      reservedFor,
    });
    await rememberIdempotencyKey(sql, { projectId, key: alert.idempotencyKey, ...result });
    return result;
  });
  kernel.metrics.alertsReceived.inc({
    source: alert.source,
    outcome: alert.status === 'resolved' ? 'resolved' : received.deduplicated ? 'merged' : 'started',
  });
  // The sender's own word for it, whatever is stored.
  return { ...received, fingerprint: options.alert.fingerprint };
}

type Delivery = {
  projectId: string;
  actor: string;
  actorId: string | null;
  alert: NewAlert;
  /** Of the session that it starts, if it starts one, with the names that were found in it. */
  sessionId: string;
  identifiers: SessionIdentifiers;
  reservedFor: string | undefined;
};
type Taken = Omit<Received, 'fingerprint'>;

async function take(sql: Sql, kernel: Kernel, delivery: Delivery): Promise<Taken> {
  const { projectId, alert } = delivery;
  const { window: windowMs, flapWindow } = kernel.config.current().dedup;
  const open = await findOpenAlert(sql, { projectId, fingerprint: alert.fingerprint, windowMs });
  if (alert.status === 'resolved') {
    return open ? resolveAlert(sql, alert, open) : recordLoneResolve(sql, projectId, alert);
  }
  if (open?.fresh) return countRepeat(sql, alert, open);
  if (open) await expireAlert(sql, open);
  else if (flapWindow !== undefined) {
    const { fingerprint } = alert;
    const flapping = await findFlapping(sql, { projectId, fingerprint, windowMs: flapWindow });
    if (flapping) return reopenAlert(sql, alert, flapping);
  }
  const started = await startInvestigation(sql, kernel, delivery);
  return { ...started, alertStatus: 'firing', sessionStatus: 'pending', deduplicated: false };
}

async function countRepeat(sql: Sql, alert: MaskedAlert, open: KnownAlert): Promise<Taken> {
  const { rows } = await sql.query<{ count: number; last_fired_at: Date }>(
    'update alert set count = count + 1, last_fired_at = now() where id = $1 returning count, last_fired_at',
    [open.alertId],
  );
  await addDelivery(sql, open.alertId, alert, 'same fingerprint, the problem was still open');
  const row = rows[0];
  if (row) await tellSession(sql, open, { count: row.count, lastFiredAt: row.last_fired_at.toISOString() });
  return takenAs(open, 'firing', true);
}

/** Resolved only just now: the problem goes on, and with it what was found out about it. */
async function reopenAlert(sql: Sql, alert: MaskedAlert, known: KnownAlert): Promise<Taken> {
  const { rows } = await sql.query<{ count: number; last_fired_at: Date }>(
    `update alert set status = 'firing', resolved_at = null, count = count + 1, last_fired_at = now() where id = $1
     returning count, last_fired_at`,
    [known.alertId],
  );
  await addDelivery(sql, known.alertId, alert, 'fired again shortly after it was resolved: flapping');
  const row = rows[0];
  if (row) {
    const lastFiredAt = row.last_fired_at.toISOString();
    await tellSession(sql, known, { status: 'firing', resolvedAt: null, count: row.count, lastFiredAt });
  }
  return takenAs(known, 'firing', true);
}

async function resolveAlert(sql: Sql, alert: MaskedAlert, open: KnownAlert): Promise<Taken> {
  const { rows } = await sql.query<{ resolved_at: Date }>(
    `update alert set status = 'resolved', resolved_at = now() where id = $1 returning resolved_at`,
    [open.alertId],
  );
  await addDelivery(sql, open.alertId, alert, 'resolved by the sender');
  const resolvedAt = rows[0]?.resolved_at.toISOString() ?? null;
  await tellSession(sql, open, { status: 'resolved', resolvedAt });
  return takenAs(open, 'resolved', true);
}

/** Silent for longer than the window: what fires now is another problem. */
async function expireAlert(sql: Sql, open: KnownAlert): Promise<void> {
  await sql.query(`update alert set status = 'expired' where id = $1`, [open.alertId]);
  await tellSession(sql, open, { status: 'expired' });
}

/** A resolve of something unknown, or resolved before: kept once, starts nothing. Nobody can read its names back. */
async function recordLoneResolve(sql: Sql, projectId: string, alert: NewAlert): Promise<Taken> {
  const reason = 'resolved; no open problem with this fingerprint';
  const earlier = await findLatestResolved(sql, projectId, alert.fingerprint);
  if (earlier) {
    await addDelivery(sql, earlier.alertId, alert, reason);
    return takenAs(earlier, 'resolved', false);
  }
  const alertId = await insertAlert(sql, projectId, alert, reason);
  return takenAs({ alertId, sessionId: null, sessionStatus: null }, 'resolved', false);
}

async function tellSession(sql: Sql, open: KnownAlert, alert: SessionPatch['alert']): Promise<void> {
  if (!open.sessionId) return;
  await appendEvents(sql, {
    sessionId: open.sessionId,
    events: [{ type: 'session.patch', payload: { alert } }],
  });
}

const takenAs = (
  known: Pick<KnownAlert, 'alertId' | 'sessionId' | 'sessionStatus'>,
  alertStatus: 'firing' | 'resolved',
  deduplicated: boolean,
): Taken => ({
  alertId: known.alertId,
  sessionId: known.sessionId,
  alertStatus,
  sessionStatus: known.sessionStatus,
  deduplicated,
});
