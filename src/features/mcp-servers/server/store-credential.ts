import type { McpAuthConfig } from '#src/server/config/index.ts';
import type { SecretBox } from '#src/server/crypto.ts';
import type { Sql } from '#src/server/db/database.ts';
import { lockKeys } from '#src/server/db/lock-keys.ts';
import { type Credential, credentialSecretsSchema } from './credential.ts';

type Row = {
  resource_url: string;
  sealed: Uint8Array;
  expires_at: Date | null;
  renewable: boolean;
  refused_at: Date | null;
  connected_by: string | null;
  connected_at: Date;
};

/** A credential belongs to a server and the way in which it is obtained. */
type Owner = { server: string; auth: Pick<McpAuthConfig, 'grant'> };

/** Null when there is none, and when it cannot be read with the installation's present secret. */
export async function loadCredential(
  sql: Sql,
  box: SecretBox,
  { server, auth }: Owner,
): Promise<Credential | null> {
  const { rows } = await sql.query<Row>(
    `select resource_url, sealed, expires_at, renewable, refused_at, connected_by, connected_at
     from mcp_credential where server = $1 and "grant" = $2`,
    [server, auth.grant],
  );
  const row = rows[0];
  const opened = row && openSecrets(box, row.sealed);
  if (!opened) return null;
  return {
    grant: auth.grant,
    resourceUrl: row.resource_url,
    expiresAt: row.expires_at,
    renewable: row.renewable,
    refusedAt: row.refused_at,
    connectedBy: row.connected_by,
    connectedAt: row.connected_at,
    secrets: opened,
  };
}

function openSecrets(box: SecretBox, sealed: Uint8Array) {
  try {
    return credentialSecretsSchema.parse(JSON.parse(box.open(sealed)));
  } catch {
    return null;
  }
}

/** Writes what a sign-in or a renewal has brought. The caller holds the lock. */
export async function saveCredential(
  sql: Sql,
  box: SecretBox,
  server: string,
  { secrets, ...credential }: Omit<Credential, 'refusedAt' | 'renewable'>,
): Promise<void> {
  await sql.query(
    `insert into mcp_credential (server, "grant", resource_url, sealed, expires_at, renewable, connected_by, connected_at, renewed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, now())
     on conflict (server, "grant") do update set resource_url = $3, sealed = $4, expires_at = $5, renewable = $6,
       connected_by = $7, connected_at = $8, renewed_at = now(), refused_at = null`,
    [
      server,
      credential.grant,
      credential.resourceUrl,
      Buffer.from(box.seal(JSON.stringify(secrets))),
      credential.expiresAt,
      secrets.refreshToken !== null,
      credential.connectedBy,
      credential.connectedAt,
    ],
  );
}

/**
 * Credentials of one server are changed by one at a time over all processes: a refresh token that rotates is worth
 * nothing, or ends the sign-in, when it is shown twice. The lock ends with the transaction.
 */
export async function lockCredential(sql: Sql, server: string): Promise<void> {
  await sql.query('select pg_advisory_xact_lock($1, hashtext($2))', [lockKeys.mcpCredential, server]);
}

/** The same without waiting; false while another holds it. */
export async function tryLockCredential(sql: Sql, server: string): Promise<boolean> {
  const { rows } = await sql.query<{ held: boolean }>(
    'select pg_try_advisory_xact_lock($1, hashtext($2)) as held',
    [lockKeys.mcpCredential, server],
  );
  return rows[0]?.held ?? false;
}
