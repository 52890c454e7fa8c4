/**
 * The queue serves projects in turn: the next slot is for the project with the fewest running sessions, of several for the one
 * whose oldest waits longest. SQL, since the count and the claim are one statement.
 */

/** Joins how many sessions of its project run, as `busy.running`, to session `s`. `reserved` is the SQL of the account. */
export const joinBusy = (reserved: string): string => `left join (
    select project_id, count(*) as running from session
    where status in ('running', 'cancelling') and reserved_for is not distinct from ${reserved}
    group by project_id
  ) busy on busy.project_id = s.project_id`;

/** Which of those that wait is next. */
export const NEXT_FIRST = 'coalesce(busy.running, 0), s.arrival';

/**
 * How many of its project come before a session, running or waiting. By `turn, arrival` stands the order in which all that wait
 * will be served if none ends: taking one adds it to those that run and takes it from those that wait, so no other's turn
 * changes, and the least turn is always the oldest of a project with the fewest running.
 */
export const TURN = `coalesce(busy.running, 0) + row_number() over (partition by s.project_id order by s.arrival)`;
