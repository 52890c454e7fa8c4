import type { Kernel } from '#src/server/kernel.ts';
import type { NotificationState } from '../schema.ts';
import { STATE_LIMIT, STATE_WINDOW_MS } from './tunables.ts';

/** Whether messages go out, and what became of the project's newest ones; counts are of the last day. */
export async function readNotificationState(
  kernel: Kernel,
  options: { projectId: string },
): Promise<NotificationState> {
  const slack = kernel.config.current().notifications.slack;
  const [counts, recent] = await Promise.all([
    readCounts(kernel, options.projectId),
    readRecent(kernel, options.projectId),
  ]);
  return {
    slack: !slack?.enabled ? 'off' : slack.token === undefined ? 'no_token' : 'on',
    channel: slack?.channel ?? null,
    counts,
    recent,
  };
}

async function readCounts(kernel: Kernel, projectId: string): Promise<NotificationState['counts']> {
  const { rows } = await kernel.database.pool.query<NotificationState['counts']>(
    `select (count(*) filter (where n.status in ('pending', 'sending')))::int as waiting,
       (count(*) filter (where n.status = 'sent'))::int as sent,
       (count(*) filter (where n.status = 'failed'))::int as failed
     from notification n join session s on s.id = n.session_id
     where s.project_id = $1 and n.created_at > now() - $2 * interval '1 millisecond'`,
    [projectId, STATE_WINDOW_MS],
  );
  return rows[0] ?? { waiting: 0, sent: 0, failed: 0 };
}

type RecentRow = Omit<NotificationState['recent'][number], 'createdAt'> & { created_at: Date };

async function readRecent(kernel: Kernel, projectId: string): Promise<NotificationState['recent']> {
  const { rows } = await kernel.database.pool.query<RecentRow>(
    `select n.id, n.session_id as "sessionId", s.title, n.kind, n.status, n.attempts, n.error, n.created_at
     from notification n join session s on s.id = n.session_id
     where s.project_id = $1 and n.created_at > now() - $2 * interval '1 millisecond'
     order by n.created_at desc limit $3`,
    [projectId, STATE_WINDOW_MS, STATE_LIMIT],
  );
  return rows.map(({ created_at, ...row }) => ({ ...row, createdAt: created_at.toISOString() }));
}
