import { storable } from '#src/lib/storable-text.ts';
import { announceAccessChange } from '#src/server/auth/access-changes.ts';
import { noteAccess } from '#src/server/auth/access-events.ts';
import { hashToken, newToken } from '#src/server/crypto.ts';
import { AppError, notFound } from '#src/server/errors.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { ApiKeyView, KeyScope } from '../schema.ts';
import { KEYS_MAX, PREFIX_LENGTH } from './tunables.ts';

const COLUMNS = 'id, name, scope, prefix, created_at, created_by, last_used_at, expires_at, revoked_at';

type Row = {
  id: string;
  name: string;
  scope: KeyScope;
  prefix: string;
  created_at: Date;
  created_by: string | null;
  last_used_at: Date | null;
  expires_at: Date | null;
  revoked_at: Date | null;
};

const toView = (row: Row): ApiKeyView => ({
  id: row.id,
  name: row.name,
  scope: row.scope,
  prefix: row.prefix,
  createdAt: row.created_at.toISOString(),
  createdBy: row.created_by,
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  expiresAt: row.expires_at?.toISOString() ?? null,
  revokedAt: row.revoked_at?.toISOString() ?? null,
});

/**
 * Makes a key of a project. `key` is `tars_` and 256 random bits, returned here and never again: only its hash stays.
 * `actor`: who makes it, as a name. Throws `bad_request` for an end that has passed.
 */
export async function createApiKey(
  kernel: Kernel,
  options: {
    projectId: string;
    actor: string;
    name: string;
    scope: KeyScope;
    expiresAt?: string | null | undefined;
  },
): Promise<{ key: string; item: ApiKeyView }> {
  const { projectId, actor, scope } = options;
  const name = storable(options.name);
  const expiresAt = options.expiresAt ? new Date(options.expiresAt) : null;
  if (expiresAt && expiresAt.getTime() <= Date.now()) {
    const message = 'The key would have expired already.';
    throw new AppError('bad_request', message, { fields: [{ path: 'expiresAt', message }] });
  }
  const key = `tars_${newToken()}`;
  return kernel.database.transaction(async (sql) => {
    const { rows } = await sql.query<Row>(
      `insert into api_key (id, project_id, name, scope, prefix, hash, created_by, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${COLUMNS}`,
      [newId(), projectId, name, scope, key.slice(0, PREFIX_LENGTH), hashToken(key), actor, expiresAt],
    );
    const [row] = rows;
    if (!row) throw new Error('a key was not written');
    const until = expiresAt ? `, until ${expiresAt.toISOString().slice(0, 10)}` : '';
    await noteAccess(sql, {
      projectId,
      action: 'key_created',
      actor,
      subject: name,
      detail: `${scope}${until}`,
    });
    return { key, item: toView(row) };
  });
}

/** Keys of a project: the valid ones first, newest first. */
export async function listApiKeys(kernel: Kernel, options: { projectId: string }): Promise<ApiKeyView[]> {
  const { rows } = await kernel.database.pool.query<Row>(
    `select ${COLUMNS} from api_key where project_id = $1
     order by revoked_at is not null or expires_at is not null and expires_at <= now(), created_at desc, id limit $2`,
    [options.projectId, KEYS_MAX],
  );
  return rows.map(toView);
}

/**
 * Revokes a key for good, at once in every process that can be told (else within `PRINCIPAL_CACHE_MS`); what is connected with
 * it is cut off. Once revoked it stays so. Throws `not_found` for those of other projects.
 */
export async function revokeApiKey(
  kernel: Kernel,
  options: { projectId: string; actor: string; id: string },
): Promise<void> {
  const { projectId, actor, id } = options;
  await kernel.database.transaction(async (sql) => {
    const { rows } = await sql.query<{ name: string; revoked_at: Date | null }>(
      'select name, revoked_at from api_key where id = $1 and project_id = $2 for update',
      [id, projectId],
    );
    const [key] = rows;
    if (!key) throw notFound('Key');
    if (key.revoked_at) return;
    await sql.query('update api_key set revoked_at = now() where id = $1', [id]);
    await noteAccess(sql, { projectId, action: 'key_revoked', actor, subject: key.name });
    await announceAccessChange(sql);
  });
}
