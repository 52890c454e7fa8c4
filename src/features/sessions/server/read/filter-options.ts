import type { Kernel } from '#src/server/kernel.ts';
import type { FilterOptions } from '../../schema.ts';
import { FILTER_OPTIONS_LIMIT } from './tunables.ts';

/** The values that a project's sessions have, for the filters of the list; sorted, at most 200 each. */
export async function readFilterOptions(
  kernel: Kernel,
  options: { projectId: string },
): Promise<FilterOptions> {
  const distinct = async (column: 'alert_type' | 'chain' | 'severity' | 'assignee'): Promise<string[]> => {
    // A "loose index scan": one look into the index per distinct value instead of one per session.
    // https://wiki.postgresql.org/wiki/Loose_indexscan
    const { rows } = await kernel.database.pool.query<{ value: string }>(
      `with recursive found as (
         (select ${column} as value from session where project_id = $1 and ${column} is not null
          order by ${column} limit 1)
         union all
         select (select ${column} from session where project_id = $1 and ${column} > found.value
                 order by ${column} limit 1)
         from found where found.value is not null
       ) select value from found where value is not null limit $2`,
      [options.projectId, FILTER_OPTIONS_LIMIT],
    );
    return rows.map((row) => row.value);
  };
  const [alertTypes, chains, severities, assignees] = await Promise.all([
    distinct('alert_type'),
    distinct('chain'),
    distinct('severity'),
    distinct('assignee'),
  ]);
  return { alertTypes, chains, severities, assignees };
}
