import type { AccessAction } from '#src/lib/access-actions.ts';
import { storable } from '#src/lib/storable-text.ts';
import type { Sql } from '../db/database.ts';
import { newId } from '../ids.ts';

/** Who did it when nobody is signed in. */
export const COMMAND_LINE = 'command line';

/** Notes what was done to a project's members and keys, in the transaction that does it. `actor` null: TARS by itself. */
export async function noteAccess(
  sql: Sql,
  event: {
    projectId: string;
    action: AccessAction;
    actor: string | null;
    subject: string;
    detail?: string | null;
  },
): Promise<void> {
  await sql.query(
    'insert into access_event (id, project_id, action, actor, subject, detail) values ($1, $2, $3, $4, $5, $6)',
    [newId(), event.projectId, event.action, event.actor, storable(event.subject), event.detail ?? null],
  );
}
