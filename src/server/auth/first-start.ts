import type { Sql } from '../db/database.ts';
import { newId } from '../ids.ts';
import type { Kernel } from '../kernel.ts';

export const DEFAULT_PROJECT_SLUG = 'default';
export const LOCAL_ADMIN_SUBJECT = 'local:admin';

/** The default project's id; creates the project when an installation has none of that name. */
export async function defaultProjectId(sql: Sql): Promise<string> {
  const find = () =>
    sql.query<{ id: string }>('select id from project where slug = $1', [DEFAULT_PROJECT_SLUG]);
  const known = (await find()).rows[0];
  if (known) return known.id;
  await sql.query(
    `insert into project (id, slug, name) values ($1, $2, 'Default') on conflict (slug) do nothing`,
    [newId(), DEFAULT_PROJECT_SLUG],
  );
  const [created] = (await find()).rows;
  if (!created) throw new Error('the default project was not written');
  return created.id;
}

/**
 * Makes sure that there is a project and a local administrator of it. `first` is true when the installation had no
 * user before. Safe to call from several processes at once.
 */
export async function ensureLocalAdmin(kernel: Kernel): Promise<{ userId: string; first: boolean }> {
  const known = await findLocalAdmin(kernel.database.pool);
  if (known) return { userId: known, first: false };
  return kernel.database.transaction(async (sql) => {
    const { rows } = await sql.query('select 1 from app_user limit 1');
    const projectId = await defaultProjectId(sql);
    await sql.query(
      `insert into app_user (id, subject, name) values ($1, $2, 'Administrator') on conflict (subject) do nothing`,
      [newId(), LOCAL_ADMIN_SUBJECT],
    );
    const userId = await findLocalAdmin(sql);
    if (!userId) throw new Error('the local administrator was not written');
    await sql.query(
      `insert into membership (user_id, project_id, role) values ($1, $2, 'admin') on conflict do nothing`,
      [userId, projectId],
    );
    return { userId, first: rows.length === 0 };
  });
}

async function findLocalAdmin(sql: Sql): Promise<string | null> {
  const { rows } = await sql.query<{ id: string }>('select id from app_user where subject = $1', [
    LOCAL_ADMIN_SUBJECT,
  ]);
  return rows[0]?.id ?? null;
}
