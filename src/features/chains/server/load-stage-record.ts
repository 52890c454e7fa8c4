import type { RunStatus } from '#src/features/sessions/schema.ts';
import type { Sql } from '#src/server/db/database.ts';

/** What an agent of a stage did, in order, and what it came to. */
export type AgentRecord = {
  agent: string;
  status: RunStatus;
  error: string | null;
  result: string | null;
  entries: { type: string; content: string; data: Record<string, unknown> }[];
};

type ExecutionRecord = Omit<AgentRecord, 'entries'> & { id: string };
type ItemRecord = { execution_id: string; type: string; content: string; data: Record<string, unknown> };

/** The agents of a stage in configured order, each with its timeline and that of its sub-agents; failed ones, too. */
export async function loadStageRecord(sql: Sql, stageId: string): Promise<AgentRecord[]> {
  const executions = await sql.query<ExecutionRecord>(
    `select id, agent, status, error, result from execution
     where stage_id = $1 and parent_execution_id is null order by index`,
    [stageId],
  );
  const items = await sql.query<ItemRecord>(
    `select coalesce(i.parent_execution_id, i.execution_id) as execution_id, i.type, i.content, i.data from timeline_item i
     join execution e on e.id = i.execution_id
     where e.stage_id = $1 and i.type in ('response', 'tool_call', 'tool_summary', 'error', 'task_assigned', 'question')
     order by i.seq`,
    [stageId],
  );
  return executions.rows.map(({ id, ...execution }) => ({
    ...execution,
    entries: items.rows.flatMap(({ execution_id, ...entry }) => (execution_id === id ? [entry] : [])),
  }));
}
