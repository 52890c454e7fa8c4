import type { Command } from 'commander';
import { CommandError } from '../cli-error.ts';
import { createOutput } from '../output.ts';
import { withKernel } from '../with-kernel.ts';

/** `login link`: a one-time link that signs a person in. */
export function addLoginCommands(program: Command): void {
  const login = program.command('login').description('signing in');
  login
    .command('link')
    .description('print a one-time link that signs in, by default as the local administrator')
    .option('--user <user>', 'id, subject or e-mail of another user')
    .action(async (options: { user?: string; json?: boolean }) => {
      const { createLoginLink } = await import('#src/server/auth/login-link.ts');
      const link = await withKernel(async (kernel) => {
        const userId =
          options.user === undefined ? undefined : await findUserId(kernel.database.pool, options.user);
        return createLoginLink(kernel, userId === undefined ? {} : { userId });
      });
      const expiresAt = link.expiresAt.toISOString();
      createOutput({ json: options.json ?? false }).result({ url: link.url, expiresAt }, [
        link.url,
        `Valid once, until ${expiresAt}.`,
      ]);
    });
}

type Pool = { query(sql: string, values: unknown[]): Promise<{ rows: unknown[] }> };

async function findUserId(pool: Pool, user: string): Promise<string> {
  const { z } = await import('zod');
  const { rows } = await pool.query(
    `select id from app_user where id::text = $1 or subject = $1 or lower(email) = lower($1) limit 2`,
    [user],
  );
  const found = z.array(z.object({ id: z.string() })).parse(rows);
  const [only] = found;
  if (!only) throw new CommandError(`There is no user ${user}.`);
  if (found.length > 1) throw new CommandError(`Several users are named ${user}; give the id.`);
  return only.id;
}
