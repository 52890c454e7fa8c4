import type { Kernel } from '#src/server/kernel.ts';

/** People offered by the filter of the board. */
const ASSIGNEES_LIMIT = 200;

/** Who reviews or has reviewed sessions of the project, sorted by name. */
export async function listAssignees(kernel: Kernel, options: { projectId: string }): Promise<string[]> {
  // A "loose index scan": one look into the index per person instead of one per session.
  const { rows } = await kernel.database.pool.query<{ assignee: string }>(
    `with recursive found as (
       (select assignee from session where project_id = $1 and assignee is not null order by assignee limit 1)
       union all
       select (select assignee from session where project_id = $1 and assignee > found.assignee order by assignee limit 1)
       from found where found.assignee is not null
     ) select assignee from found where assignee is not null limit $2`,
    [options.projectId, ASSIGNEES_LIMIT],
  );
  return rows.map((row) => row.assignee);
}
