import { storable } from '#src/lib/storable-text.ts';
import type { Sql } from '../db/database.ts';
import { lockKeys } from '../db/lock-keys.ts';
import { newId } from '../ids.ts';
import type { Kernel } from '../kernel.ts';
import { noteAccess } from './access-events.ts';
import { defaultProjectId, LOCAL_ADMIN_SUBJECT } from './first-start.ts';
import { type Identity, proxyIdentities } from './identity.ts';
import type { Role } from './principal.ts';

export type ExternalProfile = {
  subject: string;
  name: string;
  email: string | null;
  imageUrl: string | null;
  /** What the provider vouches for; an invitation of one of these is theirs. */
  identities: readonly Identity[];
};

/** People who come in and people who are let in take turns: an invitation and its first sign-in never miss each other. */
export const lockSignIns = (sql: Sql) => sql.query('select pg_advisory_xact_lock($1)', [lockKeys.signIns]);

/**
 * Creates or refreshes the user that a provider vouches for and returns its id. Invitations that name it become memberships.
 * Somebody new gets `auth.defaultRole` in the default project besides; and while no person administers anything yet, and none
 * who shall has been invited (the generated local administrator does not count), the administrator's.
 */
export async function ensureExternalUser(kernel: Kernel, profile: ExternalProfile): Promise<string> {
  // Whoever has an account may call themselves anything.
  const name = storable(profile.name);
  return kernel.database.transaction(async (sql) => {
    await lockSignIns(sql);
    const isFirst = await lacksAdministrator(sql);
    const { userId, isNew } = await saveUser(sql, { ...profile, name });
    await takeInvitations(sql, { userId, name, identities: profile.identities });
    const { defaultRole } = kernel.config.current().auth;
    if (isFirst) {
      await join(sql, { userId, name, role: 'admin', reason: 'the first person here' });
      kernel.log.info({ userId }, 'first person of this installation: administrator of default');
    } else if (isNew && defaultRole !== 'none') {
      await join(sql, { userId, name, role: defaultRole, reason: 'as everybody (auth.defaultRole)' });
    }
    return userId;
  });
}

async function saveUser(sql: Sql, profile: ExternalProfile): Promise<{ userId: string; isNew: boolean }> {
  const { subject, name, email, imageUrl, identities } = profile;
  const { rows } = await sql.query<{ id: string; is_new: boolean }>(
    `insert into app_user (id, subject, name, email, image_url, known_as) values ($1, $2, $3, $4, $5, $6)
     on conflict (subject) do update set name = $3, email = $4, image_url = $5, known_as = $6
     returning id, id = $1 as is_new`,
    [newId(), subject, name, email, imageUrl, identities],
  );
  const [row] = rows;
  if (!row) throw new Error('a user was not written');
  // A login that was given up, and taken by this person since, is theirs now.
  await sql.query(
    `update app_user set known_as = array(select unnest(known_as) except select unnest($2::text[]))
     where id <> $1 and known_as && $2::text[]`,
    [row.id, identities],
  );
  return { userId: row.id, isNew: row.is_new };
}

async function lacksAdministrator(sql: Sql): Promise<boolean> {
  const { rows } = await sql.query(
    `select 1 from membership m join app_user u on u.id = m.user_id where m.role = 'admin' and u.subject <> $1
     union all select 1 from invitation where role = 'admin' limit 1`,
    [LOCAL_ADMIN_SUBJECT],
  );
  return rows.length === 0;
}

/** Of two invitations to one project the stronger counts; who is a member already stays what they are. */
async function takeInvitations(
  sql: Sql,
  person: { userId: string; name: string; identities: readonly Identity[] },
): Promise<void> {
  const { rows } = await sql.query<{ project_id: string; role: Role; added_by: string }>(
    `with taken as (delete from invitation where identity = any($1) returning project_id, role, added_by)
     select distinct on (project_id) project_id, role, added_by from taken order by project_id, role desc`,
    [person.identities],
  );
  for (const { project_id: projectId, role, added_by: addedBy } of rows) {
    const { rowCount } = await sql.query(
      `insert into membership (user_id, project_id, role, added_by) values ($1, $2, $3, $4) on conflict do nothing`,
      [person.userId, projectId, role, addedBy],
    );
    if (!rowCount) continue;
    const detail = `${role}, invited by ${addedBy}`;
    await noteAccess(sql, { projectId, action: 'member_joined', actor: null, subject: person.name, detail });
  }
}

/** Lets a person into the default project, unless they are in it. */
async function join(
  sql: Sql,
  person: { userId: string; name: string; role: Role; reason: string },
): Promise<void> {
  const projectId = await defaultProjectId(sql);
  const { rowCount } = await sql.query(
    `insert into membership as m (user_id, project_id, role) values ($1, $2, $3)
     on conflict (user_id, project_id) do update set role = $3 where m.role < $3 and $3 = 'admin'`,
    [person.userId, projectId, person.role],
  );
  if (!rowCount) return;
  const detail = `${person.role}, ${person.reason}`;
  await noteAccess(sql, { projectId, action: 'member_joined', actor: null, subject: person.name, detail });
}

/** The user that the trusted proxy names. An unchanged one costs a read only. */
export async function ensureProxyUser(
  kernel: Kernel,
  proxy: { user: string; email: string | null },
): Promise<string> {
  const subject = `proxy:${proxy.user}`;
  const known = await kernel.database.prisma.user.findUnique({
    where: { subject },
    select: { id: true, email: true },
  });
  if (known && known.email === proxy.email) return known.id;
  return ensureExternalUser(kernel, {
    subject,
    name: proxy.user,
    email: proxy.email,
    imageUrl: null,
    identities: proxyIdentities(proxy),
  });
}
