import { LOCAL_ADMIN_SUBJECT } from '#src/server/auth/first-start.ts';
import type { Sql } from '#src/server/db/database.ts';
import { AppError } from '#src/server/errors.ts';
import type { Member, Role, WaitingPerson } from '../schema.ts';
import { MEMBERS_MAX, WAITING_MAX } from './tunables.ts';

type Row = {
  id: string;
  name: string;
  role: Role;
  status: Member['status'];
  identities: string[];
  created_at: Date;
  added_by: string | null;
  local: boolean;
};

const ROWS = `
  select u.id, u.name, m.role, 'member' as status, u.known_as as identities, m.created_at, m.added_by,
    u.subject = $2 as local
  from membership m join app_user u on u.id = m.user_id where m.project_id = $1
  union all
  select id, identity, role, 'invited', array[identity], created_at, added_by, false
  from invitation where project_id = $1`;

/**
 * Who may use a project, and who may once they have signed in: administrators first, by name, at most `MEMBERS_MAX`. With `q`
 * only those whose name or identity contains it.
 */
export async function listMembers(
  sql: Sql,
  { projectId, q }: { projectId: string; q?: string | undefined },
): Promise<Member[]> {
  const { rows } = await sql.query<Row>(
    `select * from (${ROWS}) member
     where $3::text is null or position(lower($3) in lower(name || ' ' || array_to_string(identities, ' '))) > 0
     order by role desc, status desc, lower(name), id limit $4`,
    [projectId, LOCAL_ADMIN_SUBJECT, q ?? null, MEMBERS_MAX],
  );
  return rows.map(toMember);
}

/** One of them, and every administrator, whose number decides what may become of it. */
export async function readMemberAmongAdministrators(
  sql: Sql,
  { projectId, id }: { projectId: string; id: string },
): Promise<Member[]> {
  const { rows } = await sql.query<Row>(
    `select * from (${ROWS}) member where id = $3 or (role = 'admin' and status = 'member')`,
    [projectId, LOCAL_ADMIN_SUBJECT, id],
  );
  return rows.map(toMember);
}

/**
 * The one of a project that `who` names: an id, a login with or without its provider, an e-mail address, `local:admin` or the
 * whole name. Throws `not_found`, and `conflict` when it names several.
 */
export async function findMember(
  sql: Sql,
  { projectId, who }: { projectId: string; who: string },
): Promise<Member> {
  const { rows } = await sql.query<Row>(
    `select * from (${ROWS}) member
     where id::text = $3 or lower(name) = lower($3) or (local and $3 = $2)
       or exists (select 1 from unnest(identities) as known
                  where lower(known) in (lower($3), 'github:' || lower($3), 'proxy:' || lower($3)))
     limit 2`,
    [projectId, LOCAL_ADMIN_SUBJECT, who.trim().replace(/^@/, '')],
  );
  const [member, another] = rows;
  if (!member) throw new AppError('not_found', `Nobody in this project is called ${who}.`);
  if (another) throw new AppError('conflict', `Several members are called ${who}; give the id.`);
  return toMember(member);
}

const toMember = ({ created_at, added_by, ...row }: Row): Member => ({
  ...row,
  createdAt: created_at.toISOString(),
  addedBy: added_by,
});

/** People who have signed in and belong to nothing: they look for somebody to let them in. The latest first. */
export async function listWaiting(sql: Sql): Promise<WaitingPerson[]> {
  const { rows } = await sql.query<{ name: string; identity: string; since: Date }>(
    `select u.name, u.known_as[1] as identity, u.created_at as since from app_user u
     where u.known_as <> '{}' and not exists (select 1 from membership m where m.user_id = u.id)
     order by u.created_at desc limit $1`,
    [WAITING_MAX],
  );
  return rows.map(({ since, ...row }) => ({ ...row, since: since.toISOString() }));
}
