import { type Command, Option } from 'commander';
import { roles } from '#src/features/access/schema.ts';
import { DEFAULT_PROJECT_SLUG } from '#src/server/auth/first-start.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { createOutput, formatTable } from '../output.ts';
import { parseArgument } from '../parse-argument.ts';
import { withKernel } from '../with-kernel.ts';

type Options = { project: string; role: string; json?: boolean };

/** `member list|add|role|remove`: who may use a project. Works on the database, so also when nobody can sign in. */
export function addMemberCommands(program: Command): void {
  const member = program.command('member').description('who may use a project');
  const add = (name: string, description: string) =>
    member
      .command(name)
      .description(description)
      .option('--project <project>', 'the project', DEFAULT_PROJECT_SLUG);
  const role = () => new Option('--role <role>', 'what they may do').choices(roles).makeOptionMandatory();
  const who = 'login or e-mail address; github:LOGIN or proxy:NAME where both are configured';

  add('list', 'members and invitations, administrators first').action(async (options: Options) => {
    const items = await inProject(options, (kernel, { access, acting }) =>
      access.listMembers(kernel.database.pool, acting),
    );
    const rows = items.map((item) => [
      item.role,
      item.name,
      item.identities.filter((identity) => identity !== item.name).join(', '),
      item.status === 'invited' ? 'invited' : item.local ? 'one-time links' : '',
    ]);
    createOutput({ json: options.json ?? false }).result(
      { items },
      rows.length === 0 ? ['Nobody belongs to it.'] : formatTable(rows),
    );
  });

  add('add', 'let somebody in, also before their first sign-in')
    .argument('<who>', who)
    .addOption(role())
    .action(async (name: string, options: Options) => {
      const { addMemberInputSchema } = await import('#src/features/access/schema.ts');
      const input = parseArgument(addMemberInputSchema, { who: name, role: options.role });
      const added = await inProject(options, (kernel, { access, acting }) =>
        access.addMember(kernel, { ...acting, ...input }),
      );
      const when = added.status === 'invited' ? ' from their first sign-in on' : '';
      createOutput({ json: options.json ?? false }).result(added, [`${added.name} is ${added.role}${when}.`]);
    });

  add('role', 'change what somebody may do')
    .argument('<who>', `${who}, or the id`)
    .addOption(role())
    .action(async (name: string, options: Options) => {
      const { changeRoleInputSchema } = await import('#src/features/access/schema.ts');
      const input = parseArgument(changeRoleInputSchema, { role: options.role });
      const changed = await inProject(options, async (kernel, { access, acting }) => {
        const { id } = await access.findMember(kernel.database.pool, { ...acting, who: name });
        return access.changeRole(kernel, { ...acting, id, ...input });
      });
      createOutput({ json: options.json ?? false }).result(changed, [`${changed.name} is ${changed.role}.`]);
    });

  add('remove', 'take somebody out, or withdraw an invitation')
    .argument('<who>', `${who}, or the id`)
    .action(async (name: string, options: Options) => {
      const removed = await inProject(options, async (kernel, { access, acting }) => {
        const { id } = await access.findMember(kernel.database.pool, { ...acting, who: name });
        return access.removeMember(kernel, { ...acting, id });
      });
      createOutput({ json: options.json ?? false }).result({ id: removed.id, removed: true }, [
        `${removed.name} does not belong to ${options.project} any more.`,
      ]);
    });
}

type Access = typeof import('#src/features/access/server/index.ts');

async function inProject<T>(
  { project: slug }: Options,
  work: (kernel: Kernel, use: { access: Access; acting: { projectId: string; actor: string } }) => Promise<T>,
): Promise<T> {
  const [access, { COMMAND_LINE }] = await Promise.all([
    import('#src/features/access/server/index.ts'),
    import('#src/server/auth/access-events.ts'),
  ]);
  return withKernel(async (kernel) => {
    const project = await access.findProject(kernel, slug);
    return work(kernel, { access, acting: { projectId: project.id, actor: COMMAND_LINE } });
  });
}
