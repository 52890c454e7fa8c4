import type { Sql } from '#src/server/db/database.ts';
import { newId } from '#src/server/ids.ts';
import type { MaskedAlert, NewAlert } from './mask-alert.ts';

/** Inserts the alert as first seen, with that delivery, and returns its id. A resolve counts no firing. */
export async function insertAlert(
  sql: Sql,
  projectId: string,
  alert: NewAlert,
  reason: string,
): Promise<string> {
  const { id } = alert;
  const resolved = alert.status === 'resolved';
  await sql.query(
    `with inserted as (
       insert into alert (id, project_id, source, fingerprint, status, alert_type, title, severity, labels, annotations,
         data, count, starts_at, first_fired_at, last_fired_at, resolved_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, now(), now(), case when $14 then now() end)
       returning id, source, status)
     insert into alert_delivery (id, alert_id, source, status, reason) select $15, id, source, status, $16 from inserted`,
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
      newId(),
      reason,
    ],
  );
  return id;
}

/** Keeps that a delivery has come and what was made of it. */
export async function addDelivery(
  sql: Sql,
  alertId: string,
  alert: MaskedAlert,
  reason: string,
): Promise<void> {
  await sql.query(
    'insert into alert_delivery (id, alert_id, source, status, reason) values ($1, $2, $3, $4, $5)',
    [newId(), alertId, alert.source, alert.status, reason],
  );
}

/** From now on the key stands for this session. A resolve without a session leaves nothing to answer with. */
export async function rememberIdempotencyKey(
  sql: Sql,
  options: { projectId: string; key: string | null; alertId: string; sessionId: string | null },
): Promise<void> {
  const { projectId, key, alertId, sessionId } = options;
  if (key === null || sessionId === null) return;
  await sql.query(
    'insert into idempotency_key (project_id, key, alert_id, session_id) values ($1, $2, $3, $4)',
    [projectId, key, alertId, sessionId],
  );
}
