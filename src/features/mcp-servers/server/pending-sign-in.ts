import { z } from 'zod';
import { hashToken, type SecretBox } from '#src/server/crypto.ts';
import type { Sql } from '#src/server/db/database.ts';
import { clientSchema } from './credential.ts';

/** What the way back needs, kept encrypted. The code is exchanged with this authorization server and no other. */
export const pendingSignInSchema = z.object({
  verifier: z.string(),
  client: clientSchema,
  authorizationServer: z.string(),
  resource: z.string().nullable(),
  redirectUrl: z.string(),
  scope: z.string().nullable(),
});
export type PendingSignIn = z.infer<typeof pendingSignInSchema>;

export type TakenSignIn = {
  server: string;
  /** Whose it will be: the id of its holder. */
  holder: string;
  resourceUrl: string;
  projectId: string;
  project: string;
  isLate: boolean;
  /** Null when the installation's secret has changed meanwhile. */
  pending: PendingSignIn | null;
};

type Row = {
  server: string;
  holder: string;
  resource_url: string;
  project_id: string;
  slug: string;
  late: boolean;
  sealed: Uint8Array;
};

/** Uses a state up. Null when there is none of that name for this person: unknown, used, or somebody else's. */
export async function takeSignIn(
  sql: Sql,
  box: SecretBox,
  options: { state: string; userId: string },
): Promise<TakenSignIn | null> {
  const { rows } = await sql.query<Row>(
    `delete from mcp_sign_in s using project p
     where s.state_hash = $1 and s.user_id = $2 and p.id = s.project_id
     returning s.server, s.holder, s.resource_url, s.project_id, p.slug, s.expires_at < now() as late, s.sealed`,
    [hashToken(options.state), options.userId],
  );
  const row = rows[0];
  if (!row) return null;
  return {
    server: row.server,
    holder: row.holder,
    resourceUrl: row.resource_url,
    projectId: row.project_id,
    project: row.slug,
    isLate: row.late,
    pending: open(box, row.sealed),
  };
}

function open(box: SecretBox, sealed: Uint8Array): PendingSignIn | null {
  try {
    return pendingSignInSchema.parse(JSON.parse(box.open(sealed)));
  } catch {
    return null;
  }
}
