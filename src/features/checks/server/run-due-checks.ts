import type { Kernel } from '#src/server/kernel.ts';
import { projectKernel } from '#src/server/project-kernel.ts';
import { type CheckProgress, decideTick } from './decide-tick.ts';
import { runDueCheck } from './run-due-check.ts';
import type { ConfiguredCheck } from './start-run.ts';

type ProgressRow = {
  slug: string;
  project_id: string;
  name: string | null;
  schedule: string | null;
  last_due_at: Date | null;
  paused_at: Date | null;
  waiting_run_id: string | null;
};

/**
 * Looks at every configured check and does what is due; called by each worker's sweep. One read decides that nothing is,
 * which is nearly always so. One check's failure keeps no other back.
 */
export async function runDueChecks(kernel: Kernel, now: Date = new Date()): Promise<void> {
  const checks = Object.entries(kernel.config.current().checks);
  if (checks.length === 0) return warnOfProjects(kernel, []);
  const rows = await readProgress(kernel, [...new Set(checks.map(([, { project }]) => project))]);
  const homeless: { name: string; project: string }[] = [];
  for (const [name, check] of checks) {
    const projectId = rows.find(({ slug }) => slug === check.project)?.project_id;
    if (projectId === undefined) {
      homeless.push({ name, project: check.project });
      continue;
    }
    const row = rows.find((candidate) => candidate.project_id === projectId && candidate.name === name);
    if (decideTick({ check, progress: row ? progressOf(row) : null, now }).kind === 'nothing') continue;
    await runOne(kernel, { name, check, projectId }, now);
  }
  await warnOfProjects(kernel, homeless);
}

async function runOne(kernel: Kernel, configured: ConfiguredCheck, now: Date): Promise<void> {
  const { name, check } = configured;
  try {
    const result = await runDueCheck(projectKernel(kernel, check.project), { configured, now });
    if (result === 'started') kernel.metrics.alertsReceived.inc({ source: 'check', outcome: 'started' });
    if (result !== 'nothing' && result !== 'waiting')
      kernel.log.info({ check: name, result }, 'check was due');
  } catch (error) {
    kernel.log.warn({ err: error, check: name }, 'a due check could not be taken; it is tried again');
  }
}

async function readProgress(kernel: Kernel, slugs: string[]): Promise<ProgressRow[]> {
  const { rows } = await kernel.database.pool.query<ProgressRow>(
    `select p.slug, p.id as project_id, s.name, s.schedule, s.last_due_at, s.paused_at,
       (select r.id from check_run r where r.project_id = s.project_id and r.name = s.name and r.status = 'waiting'
         limit 1) as waiting_run_id
     from project p left join check_state s on s.project_id = p.id where p.slug = any($1)`,
    [slugs],
  );
  return rows;
}

function progressOf(row: ProgressRow): CheckProgress | null {
  if (row.schedule === null || row.last_due_at === null) return null;
  return {
    schedule: row.schedule,
    lastDueAt: row.last_due_at,
    paused: row.paused_at !== null,
    waitingRunId: row.waiting_run_id,
  };
}

/** Projects are rows, so the configuration cannot know them; a misspelt one must not be silence. */
async function warnOfProjects(kernel: Kernel, homeless: { name: string; project: string }[]): Promise<void> {
  const { pool } = kernel.database;
  await pool.query(`delete from system_warning where key like 'check:%' and not (key = any($1))`, [
    homeless.map(({ name }) => `check:${name}`),
  ]);
  for (const { name, project } of homeless)
    await pool.query('insert into system_warning (key, message) values ($1, $2) on conflict do nothing', [
      `check:${name}`,
      `Check "${name}" does not run: there is no project "${project}" (checks.${name}.project).`,
    ]);
}
