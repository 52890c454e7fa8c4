import { z } from 'zod';
import { checkFindingSchema } from '#src/features/check-outcomes/schema.ts';
import { nextTick } from '#src/lib/check-schedule.ts';
import type { CheckConfig } from '#src/server/config/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { type CheckRunView, type CheckView, checkRunSchema } from '../schema.ts';
import { checkTitle } from './check-alert.ts';
import type { StateRow } from './check-rows.ts';
import { describeSchedule } from './describe-schedule.ts';
import { findChecks } from './find-check.ts';
import { HISTORY_SHOWN } from './tunables.ts';

type RunRow = {
  id: string;
  name: string;
  due_at: Date;
  trigger: string;
  status: string;
  reason: string | null;
  session_id: string | null;
  outcome: string | null;
  summary: string | null;
  findings: unknown;
  since: Date | null;
  notified: boolean;
  ended_at: Date | null;
};

/** The project's checks by name, each with its newest runs. */
export async function listChecks(
  kernel: Kernel,
  { projectId }: { projectId: string },
): Promise<{ items: CheckView[]; nextCursor: null }> {
  const configured = await findChecks(kernel, projectId);
  const names = configured.map(({ name }) => name);
  const { pool } = kernel.database;
  const { rows: states } = await pool.query<StateRow & { name: string }>(
    'select name, schedule, last_due_at, paused_at, paused_by from check_state where project_id = $1',
    [projectId],
  );
  const { rows: runs } = await pool.query<RunRow>(
    `select r.* from unnest($2::text[]) as wanted(name) cross join lateral (
       select id, name, due_at, trigger, status, reason, session_id, outcome, summary, findings, since, notified, ended_at
       from check_run where project_id = $1 and name = wanted.name order by due_at desc limit $3) r
     order by r.due_at desc`,
    [projectId, names, HISTORY_SHOWN],
  );
  const now = new Date();
  const items = configured.map(({ name, check }) =>
    checkView(name, check, {
      state: states.find((state) => state.name === name) ?? null,
      history: runs.filter((run) => run.name === name).map(runView),
      now,
    }),
  );
  return { items, nextCursor: null };
}

function checkView(
  name: string,
  check: CheckConfig,
  { state, history, now }: { state: StateRow | null; history: CheckRunView[]; now: Date },
): CheckView {
  const paused = state?.paused_at ? { at: state.paused_at.toISOString(), by: state.paused_by ?? '' } : null;
  const isRunning = check.enabled && !paused;
  return {
    name,
    title: checkTitle(name, check),
    question: check.question,
    enabled: check.enabled,
    schedule: check.schedule,
    timezone: check.timezone,
    scheduleText: describeSchedule(check.schedule),
    notify: check.notify,
    nextRunAt: isRunning ? (nextTick(check, now)?.toISOString() ?? null) : null,
    paused,
    openSessionId:
      history.find(({ status, sessionId }) => status === 'started' && sessionId)?.sessionId ?? null,
    last: history.find(({ outcome }) => outcome !== null) ?? null,
    history,
  };
}

const runView = (row: RunRow): CheckRunView =>
  checkRunSchema.parse({
    id: row.id,
    dueAt: row.due_at.toISOString(),
    trigger: row.trigger,
    status: row.status,
    reason: row.reason,
    sessionId: row.session_id,
    outcome: row.outcome,
    summary: row.summary,
    findings: z.array(checkFindingSchema).parse(row.findings),
    since: row.since?.toISOString() ?? null,
    unchanged: row.since !== null && row.ended_at !== null && row.since < row.ended_at,
    notified: row.notified,
    endedAt: row.ended_at?.toISOString() ?? null,
  });
