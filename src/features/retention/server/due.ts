import type { Config } from '#src/server/config/index.ts';

/**
 * What is old enough to go, as SQL. An age counts from the last thing that happened to a session: its end, the last answer
 * in its chat, its last score or review. `$1` is the age in milliseconds.
 */
const CUTOFF = `(now() - $1 * interval '1 millisecond')`;

/** Session `s` has ended, and nothing follows or has followed since. */
const IDLE = `s.completed_at < ${CUTOFF} and s.status in ('completed', 'failed', 'timed_out', 'cancelled')
  and not exists (select 1 from follow_up f where f.session_id = s.id
    and (f.completed_at is null or f.completed_at >= ${CUTOFF}))`;

/** Alert `a` may still be repeated or resolved: what fires now is the same problem. */
const OPEN_ALERT = `(a.status = 'firing' and a.last_fired_at >= ${CUTOFF})`;

/**
 * Nobody is reviewing it, and its problem is over: repeats of an open problem are counted on its session. What still waits
 * for a review after all that time will not get one.
 */
export const SESSION_DUE = `${IDLE} and s.review_status is distinct from 'in_progress'
  and (s.reviewed_at is null or s.reviewed_at < ${CUTOFF})
  and not exists (select 1 from alert a where a.id = s.alert_id and ${OPEN_ALERT})`;

export const EVENTS_DUE = `s.events_swept_at is null and ${IDLE}`;
export const LOGS_DUE = `s.logs_swept_at is null and ${IDLE}`;

export const ALERT_DUE = `a.last_fired_at < ${CUTOFF} and not exists (select 1 from session where alert_id = a.id)`;

/** Row `u` of `usage_day`; its days are UTC's. */
export const USAGE_DUE = `u.day < (${CUTOFF} at time zone 'utc')::date`;

/**
 * Ages in milliseconds by what they are of. A problem is never older than the window in which it may repeat, and what a session
 * used is in the report as long as the session is there.
 */
export function agesOf({ retention, dedup }: Config) {
  const sessions = Math.max(retention.sessions, dedup.window);
  const usage = Math.max(retention.usage, sessions);
  return { sessions, alerts: sessions, events: retention.events, logs: retention.logs, usage };
}
