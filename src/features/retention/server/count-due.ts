import type { Kernel } from '#src/server/kernel.ts';
import type { RemovedCounts } from '../schema.ts';
import { agesOf, EVENTS_DUE, LOGS_DUE, SESSION_DUE, USAGE_DUE } from './due.ts';

/** What a sweep would remove now, without what it would find only because of what it has removed. Removes nothing. */
export async function countDue(kernel: Kernel): Promise<RemovedCounts> {
  const ages = agesOf(kernel.config.current());
  const count = async (sql: string, ageMs: number) => {
    const { rows } = await kernel.database.pool.query<{ n: number }>(sql, [ageMs]);
    return rows[0]?.n ?? 0;
  };
  return {
    sessions: await count(`select count(*) as n from session s where ${SESSION_DUE}`, ages.sessions),
    events: await count(
      `select count(*) as n from session s join session_event e on e.session_id = s.id
       where ${EVENTS_DUE} and e.created_at < now() - $1 * interval '1 millisecond'`,
      ages.events,
    ),
    calls: await count(
      `select (select count(*) from session s join llm_call c on c.session_id = s.id
           where ${LOGS_DUE} and c.logs_removed_at is null)
         + (select count(*) from session s join tool_call c on c.session_id = s.id
           where ${LOGS_DUE} and c.logs_removed_at is null) as n`,
      ages.logs,
    ),
    // Alerts that the sessions of this sweep leave behind count too.
    alerts: await count(
      `select count(*) as n from alert a where a.last_fired_at < now() - $1 * interval '1 millisecond'
         and not exists (select 1 from session s where s.alert_id = a.id and not (${SESSION_DUE}))`,
      ages.alerts,
    ),
    usage: await count(`select count(*) as n from usage_day u where ${USAGE_DUE}`, ages.usage),
  };
}
