import { type DestinationConfig, listDestinations, missingSetting } from '#src/server/config/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { DestinationState, NotificationState } from '../schema.ts';
import { describeTarget } from './destination/describe-target.ts';
import { STATE_LIMIT, STATE_WINDOW_MS } from './tunables.ts';

/** Where messages go, and what became of the project's newest ones; counts are of the last day. */
export async function readNotificationState(
  kernel: Kernel,
  options: { projectId: string },
): Promise<NotificationState> {
  const [destinations, counts, recent] = await Promise.all([
    readDestinations(kernel),
    readCounts(kernel, options.projectId),
    readRecent(kernel, options.projectId),
  ]);
  return { destinations, counts, recent };
}

type DestinationRow = {
  name: string;
  last_sent_at: Date | null;
  last_error: string | null;
  last_error_at: Date | null;
};

async function readDestinations(kernel: Kernel): Promise<DestinationState[]> {
  const configured = listDestinations(kernel.config.current().notifications);
  const { rows } = await kernel.database.pool.query<DestinationRow>(
    'select name, last_sent_at, last_error, last_error_at from notification_destination where name = any($1)',
    [configured.map(([name]) => name)],
  );
  const known = new Map(rows.map((row) => [row.name, row]));
  return configured.map(([name, settings]) => ({
    name,
    type: settings.type,
    target: describeTarget(settings),
    state: stateOf(settings),
    lastSentAt: known.get(name)?.last_sent_at?.toISOString() ?? null,
    lastError: known.get(name)?.last_error ?? null,
    lastErrorAt: known.get(name)?.last_error_at?.toISOString() ?? null,
  }));
}

function stateOf(settings: DestinationConfig): DestinationState['state'] {
  if (!settings.enabled) return 'off';
  const missing = missingSetting(settings);
  return missing === null ? 'on' : `no_${missing}`;
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
    `select n.id, n.session_id as "sessionId", s.title, n.destination, n.kind, n.status, n.attempts, n.error, n.created_at
     from notification n join session s on s.id = n.session_id
     where s.project_id = $1 and n.created_at > now() - $2 * interval '1 millisecond'
     order by n.created_at desc, n.id desc limit $3`,
    [projectId, STATE_WINDOW_MS, STATE_LIMIT],
  );
  return rows.map(({ created_at, ...row }) => ({ ...row, createdAt: created_at.toISOString() }));
}
