import type { Command } from 'commander';
import { createOutput } from '../output.ts';
import { parseArgument } from '../parse-argument.ts';
import { withKernel } from '../with-kernel.ts';

/** `project create NAME`. */
export function addProjectCommands(program: Command): void {
  const project = program.command('project').description('projects, which keep teams apart');
  project
    .command('create')
    .description('make a project; the local administrator becomes its admin')
    .argument('<name>', 'lower-case letters, digits and hyphens; part of its address')
    .option('--title <title>', 'the name people read; default: the same')
    .option('--admin <who>', 'login or e-mail address of its first administrator')
    .action(async (name: string, options: { title?: string; admin?: string; json?: boolean }) => {
      const [{ createProject }, { createProjectInputSchema }] = await Promise.all([
        import('#src/features/access/server/index.ts'),
        import('#src/features/access/schema.ts'),
      ]);
      const input = parseArgument(createProjectInputSchema, {
        slug: name,
        name: options.title,
        admin: options.admin,
      });
      const created = await withKernel((kernel) => createProject(kernel, input));
      createOutput({ json: options.json ?? false }).result(created, [
        `Created project ${created.slug}.`,
        ...(options.admin === undefined
          ? [`Let people in: tars member add WHO --role admin --project ${created.slug}`]
          : []),
      ]);
    });
}
