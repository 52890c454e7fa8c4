import type { SessionCheck } from '../schema.ts';

/** The check that a session `s` ran for, as one column `check_run`. */
export const CHECK_COLUMN = `(select jsonb_build_object('name', c.name, 'outcome', c.outcome, 'summary', c.summary,
    'findings', jsonb_array_length(c.findings), 'since', c.since, 'unchanged', c.since is not null and c.since < c.ended_at)
  from check_run c where c.session_id = s.id) as check_run`;

export type CheckColumn = { check_run: SessionCheck | null };

/** PostgreSQL writes times in JSON with its own offset. */
export const sessionCheck = ({ check_run: check }: CheckColumn): SessionCheck | null =>
  check && { ...check, since: check.since === null ? null : new Date(check.since).toISOString() };
