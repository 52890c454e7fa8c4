import { z } from 'zod';
import type { CheckFinding } from '#src/lib/check-outcome.ts';
import type { Sql } from '#src/server/db/database.ts';
import { checkFindingSchema } from '../schema.ts';
import { KNOWN_FINDINGS_SHOWN } from './tunables.ts';

/** What the agents of a check's run are told beside the question. */
export type CheckTask = {
  name: string;
  /** What the last run that could tell has found, so that the same problem is named alike. */
  known: CheckFinding[];
};

/** Null for a session that is no check's run. */
export async function readCheckTask(sql: Sql, sessionId: string): Promise<CheckTask | null> {
  const { rows } = await sql.query<{ name: string; findings: unknown }>(
    `select r.name, coalesce(before.findings, '[]') as findings
     from check_run r
     left join lateral (select b.findings from check_run b
       where b.project_id = r.project_id and b.name = r.name and b.outcome in ('healthy', 'findings')
       order by b.ended_at desc limit 1) before on true
     where r.session_id = $1`,
    [sessionId],
  );
  const row = rows[0];
  if (!row) return null;
  return {
    name: row.name,
    known: z.array(checkFindingSchema).parse(row.findings).slice(0, KNOWN_FINDINGS_SHOWN),
  };
}
