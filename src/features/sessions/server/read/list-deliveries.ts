import type { Kernel } from '#src/server/kernel.ts';
import type { Delivery } from '../../schema.ts';
import { requireSession, type SessionKey } from './read-session.ts';
import { DELIVERIES_LIMIT } from './tunables.ts';

type DeliveryRow = Omit<Delivery, 'receivedAt'> & { received_at: Date; total: number };

/** The deliveries that were merged into the session's alert, newest first, and how many there are. Throws `not_found`. */
export async function listDeliveries(
  kernel: Kernel,
  key: SessionKey,
): Promise<{ items: Delivery[]; total: number }> {
  await requireSession(kernel.database.pool, key);
  const { rows } = await kernel.database.pool.query<DeliveryRow>(
    `select d.source, d.status, d.reason, d.received_at, count(*) over () as total
     from session s join alert_delivery d on d.alert_id = s.alert_id
     where s.id = $1 order by d.received_at desc, d.id desc limit $2`,
    [key.sessionId, DELIVERIES_LIMIT],
  );
  return {
    items: rows.map(({ received_at, total: _total, ...row }) => ({
      ...row,
      receivedAt: received_at.toISOString(),
    })),
    total: rows[0]?.total ?? 0,
  };
}
