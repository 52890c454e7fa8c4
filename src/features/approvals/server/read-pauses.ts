import type { Sql } from '#src/server/db/database.ts';
import type { ApprovalStatus } from '../schema.ts';

/** A time at which an agent had used its iterations up and asked whether to go on, and what people said. */
export type Pause = {
  status: ApprovalStatus;
  /** Iterations it had used. */
  atIterations: number;
  /** How many more it was given; null unless it may go on. */
  granted: number | null;
  decidedBy: string | null;
  reason: string | null;
};

/** The pauses of an execution, oldest first. */
export async function readPauses(sql: Sql, executionId: string): Promise<Pause[]> {
  const { rows } = await sql.query<Pause>(
    `select status, at_iterations as "atIterations", granted_iterations as granted, decided_by as "decidedBy", reason
     from approval where execution_id = $1 and kind = 'pause' order by at_iterations`,
    [executionId],
  );
  return rows;
}
