import type { SecretBox } from '#src/server/crypto.ts';
import type { Sql } from '#src/server/db/database.ts';
import { lockKeys } from '#src/server/db/lock-keys.ts';
import {
  type Credential,
  credentialSecretsSchema,
  keyOf,
  type OAuthServer,
  type SignInKey,
} from './credential.ts';

type Row = {
  resource_url: string;
  sealed: Uint8Array;
  expires_at: Date | null;
  renewable: boolean;
  refused_at: Date | null;
  connected_by: string | null;
  connected_at: Date;
};

const COLUMNS = 'resource_url, sealed, expires_at, renewable, refused_at, connected_by, connected_at';

/** Null when there is none, and when it cannot be read with the installation's present secret. */
export async function loadCredential(
  sql: Sql,
  box: SecretBox,
  { server, grant, holder }: SignInKey,
): Promise<Credential | null> {
  const { rows } = await sql.query<Row>(
    `select ${COLUMNS} from mcp_credential where server = $1 and "grant" = $2 and holder = $3`,
    [server, grant, holder],
  );
  return openRow(box, rows[0], grant);
}

/**
 * A credential whose client may be used for another sign-in: the holder's own, else the newest of the server, since a
 * registration is TARS's and no person's. None that was refused: the authorization server may have forgotten the client.
 */
export async function loadRegistered(
  sql: Sql,
  box: SecretBox,
  server: OAuthServer,
): Promise<Credential | null> {
  const { grant, holder } = keyOf(server);
  const { rows } = await sql.query<Row>(
    `select ${COLUMNS} from mcp_credential where server = $1 and "grant" = $2 and refused_at is null
     order by holder = $3 desc, renewed_at desc limit 1`,
    [server.server, grant, holder],
  );
  return openRow(box, rows[0], grant);
}

function openRow(box: SecretBox, row: Row | undefined, grant: SignInKey['grant']): Credential | null {
  const opened = row && openSecrets(box, row.sealed);
  if (!opened) return null;
  return {
    grant,
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
  { server, grant, holder }: SignInKey,
  { secrets, ...credential }: Omit<Credential, 'grant' | 'refusedAt' | 'renewable'>,
): Promise<void> {
  await sql.query(
    `insert into mcp_credential (server, "grant", resource_url, sealed, expires_at, renewable, connected_by, connected_at, renewed_at, holder)
     values ($1, $2, $3, $4, $5, $6, $7, $8, now(), $9)
     on conflict (server, "grant", holder) do update set resource_url = $3, sealed = $4, expires_at = $5, renewable = $6,
       connected_by = $7, connected_at = $8, renewed_at = now(), refused_at = null`,
    [
      server,
      grant,
      credential.resourceUrl,
      Buffer.from(box.seal(JSON.stringify(secrets))),
      credential.expiresAt,
      secrets.refreshToken !== null,
      credential.connectedBy,
      credential.connectedAt,
      holder,
    ],
  );
}

type Locked = Pick<SignInKey, 'server' | 'holder'>;

/** A sign-in of another person at the same server is renewed meanwhile. */
const lockName = ({ server, holder }: Locked): string => `${server} ${holder}`;

/**
 * The credentials of one holder are changed by one at a time over all processes: a refresh token that rotates is worth
 * nothing, or ends the sign-in, when it is shown twice. The lock ends with the transaction.
 */
export async function lockCredential(sql: Sql, locked: Locked): Promise<void> {
  await sql.query('select pg_advisory_xact_lock($1, hashtext($2))', [
    lockKeys.mcpCredential,
    lockName(locked),
  ]);
}

/** The same without waiting; false while another holds it. */
export async function tryLockCredential(sql: Sql, locked: Locked): Promise<boolean> {
  const { rows } = await sql.query<{ held: boolean }>(
    'select pg_try_advisory_xact_lock($1, hashtext($2)) as held',
    [lockKeys.mcpCredential, lockName(locked)],
  );
  return rows[0]?.held ?? false;
}
