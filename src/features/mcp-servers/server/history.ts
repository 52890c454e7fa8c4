import type { Sql } from '#src/server/db/database.ts';
import { newId } from '#src/server/ids.ts';
import type { SignInAction } from '../schema.ts';

/** Writes who connected what, or why that ended. `detail` is masked by whoever words it. */
export async function noteSignIn(
  sql: Sql,
  entry: {
    server: string;
    /** Whose sign-in it is about: the id of its holder. */
    holder: string;
    action: SignInAction;
    actor?: string | null;
    userId?: string | null;
    detail?: string | null;
  },
): Promise<void> {
  await sql.query(
    'insert into mcp_sign_in_event (id, server, holder, action, actor, user_id, detail) values ($1, $2, $3, $4, $5, $6, $7)',
    [
      newId(),
      entry.server,
      entry.holder,
      entry.action,
      entry.actor ?? null,
      entry.userId ?? null,
      entry.detail ?? null,
    ],
  );
}
