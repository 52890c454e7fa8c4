import { announceAccessChange } from '#src/server/auth/access-changes.ts';
import { noteAccess } from '#src/server/auth/access-events.ts';
import { lockSignIns } from '#src/server/auth/external-users.ts';
import { parseIdentity } from '#src/server/auth/identity.ts';
import type { Sql, Transaction } from '#src/server/db/database.ts';
import { AppError, notFound } from '#src/server/errors.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { Member, Role } from '../schema.ts';
import { checkAdministratorStays } from './keep-administrator.ts';
import { readMemberAmongAdministrators } from './list-members.ts';

/** `actor`: who does it, as a name for the history. */
type Acting = { projectId: string; actor: string };
type NewMember = Acting & { who: string; role: Role };

/**
 * Lets somebody into a project: at once where they have signed in before, else from their first sign-in on. `who` is a login
 * or an e-mail address (see `parseIdentity`). Throws `bad_request` for what names nobody, `conflict` for who is in already.
 */
export const addMember = (kernel: Kernel, options: NewMember): Promise<Member> =>
  kernel.database.transaction((sql) => addMemberIn(sql, kernel, options));

/** The same, in the caller's transaction. */
export async function addMemberIn(
  sql: Transaction,
  { env }: Kernel,
  { projectId, actor, who, role }: NewMember,
): Promise<Member> {
  const identity = parseIdentity(who, { github: !!env.github, proxy: !!env.proxyHeaders });
  await lockSignIns(sql);
  const person = await findPerson(sql, identity);
  if (!person && identity.startsWith('local:')) throw notFound('Local account');
  const id = person?.id ?? newId();
  const { rowCount } = person
    ? await sql.query(
        `insert into membership (user_id, project_id, role, added_by) values ($1, $2, $3, $4) on conflict do nothing`,
        [id, projectId, role, actor],
      )
    : await sql.query(
        `insert into invitation (id, project_id, identity, role, added_by) values ($1, $2, $3, $4, $5)
           on conflict do nothing`,
        [id, projectId, identity, role, actor],
      );
  const name = person?.name ?? identity;
  if (!rowCount) throw new AppError('conflict', `${name} belongs to this project already. Change the role.`);
  const action = person ? 'member_added' : 'member_invited';
  await noteAccess(sql, { projectId, action, actor, subject: name, detail: role });
  await announceAccessChange(sql);
  return requireMember(await readMemberAmongAdministrators(sql, { projectId, id }), id);
}

/** Throws `not_found` for ids of other projects, `conflict` for the last administrator. */
export async function changeRole(
  kernel: Kernel,
  options: Acting & { id: string; role: Role },
): Promise<Member> {
  const { projectId, actor, id, role } = options;
  return changeMember(kernel, options, role, async (sql, member) => {
    if (member.role !== role) {
      await sql.query(
        member.status === 'member'
          ? 'update membership set role = $3 where project_id = $1 and user_id = $2'
          : 'update invitation set role = $3 where project_id = $1 and id = $2',
        [projectId, id, role],
      );
      const detail = `${member.role} → ${role}`;
      await noteAccess(sql, { projectId, action: 'role_changed', actor, subject: member.name, detail });
    }
    return { ...member, role };
  });
}

/**
 * Takes somebody out of a project, or withdraws their invitation; open pages of theirs are closed at once. The keys that they
 * made stay, since they belong to the project. Throws as `changeRole` does.
 */
export async function removeMember(kernel: Kernel, options: Acting & { id: string }): Promise<Member> {
  const { projectId, actor, id } = options;
  return changeMember(kernel, options, null, async (sql, member) => {
    const isMember = member.status === 'member';
    await sql.query(
      isMember
        ? 'delete from membership where project_id = $1 and user_id = $2'
        : 'delete from invitation where project_id = $1 and id = $2',
      [projectId, id],
    );
    const action = isMember ? 'member_removed' : 'invitation_withdrawn';
    await noteAccess(sql, { projectId, action, actor, subject: member.name, detail: member.role });
    return member;
  });
}

/** Changes take turns, so that two administrators do not remove each other. */
async function changeMember(
  kernel: Kernel,
  { projectId, id }: { projectId: string; id: string },
  role: Role | null,
  change: (sql: Transaction, member: Member) => Promise<Member>,
): Promise<Member> {
  return kernel.database.transaction(async (sql) => {
    await lockSignIns(sql);
    const members = await readMemberAmongAdministrators(sql, { projectId, id });
    const member = requireMember(members, id);
    const standing = members.filter(({ status }) => status === 'member');
    checkAdministratorStays(standing, id, role);
    const changed = await change(sql, member);
    await announceAccessChange(sql);
    return changed;
  });
}

async function findPerson(sql: Sql, identity: string): Promise<{ id: string; name: string } | null> {
  const { rows } = await sql.query<{ id: string; name: string }>(
    'select id, name from app_user where $1 = any(known_as) or (subject = $1 and subject like $2)',
    [identity, 'local:%'],
  );
  const [person, another] = rows;
  if (another) throw new AppError('conflict', `${identity} is several people; name one by their login.`);
  return person ?? null;
}

function requireMember(members: readonly Member[], id: string): Member {
  const member = members.find((candidate) => candidate.id === id);
  if (!member) throw notFound('Member');
  return member;
}
