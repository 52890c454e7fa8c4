import type { Kernel } from '#src/server/kernel.ts';
import {
  TRIAGE_COUNT_MAX,
  type TriageCounts,
  type TriageFilter,
  type TriageGroup,
  triageGroups,
} from '../schema.ts';

const groupConditions: Record<TriageGroup, string> = {
  investigating: `status in ('pending', 'running', 'waiting', 'cancelling')`,
  needs_review: `review_status = 'needs_review'`,
  in_progress: `review_status = 'in_progress' and status in ('completed', 'failed', 'timed_out', 'cancelled')`,
  reviewed: `review_status = 'reviewed'`,
};

/** How many sessions are in each group of the board; `TRIAGE_COUNT_MAX + 1` stands for "more". */
export async function countTriage(
  kernel: Kernel,
  options: { projectId: string } & TriageFilter,
): Promise<TriageCounts> {
  const values: unknown[] = [options.projectId];
  const filter = (column: string, value: string | undefined, cast = '') =>
    value === undefined ? '' : ` and ${column} = $${values.push(value)}${cast}`;
  const filters = [
    filter('assignee', options.assignee),
    filter('alert_type', options.alertType),
    filter('rating', options.rating, '::"Rating"'),
  ].join('');
  const limit = `$${values.push(TRIAGE_COUNT_MAX + 1)}`;
  const counts = triageGroups.map(
    (group) => `(select count(*) from (
        select 1 from session where project_id = $1 and ${groupConditions[group]}${filters} limit ${limit}
      ) s)::int as ${group}`,
  );
  const { rows } = await kernel.database.pool.query<TriageCounts>(`select ${counts.join(', ')}`, values);
  return rows[0] ?? { investigating: 0, needs_review: 0, in_progress: 0, reviewed: 0 };
}
