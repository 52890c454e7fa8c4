import { type Command, Option } from 'commander';
import { keyScopes } from '#src/features/access/schema.ts';
import { DEFAULT_PROJECT_SLUG } from '#src/server/auth/first-start.ts';
import { createOutput } from '../output.ts';
import { parseArgument } from '../parse-argument.ts';
import { withKernel } from '../with-kernel.ts';

/** `key create`: an API key of a project, printed once. */
export function addKeyCommands(program: Command): void {
  const key = program.command('key').description('API keys');
  key
    .command('create')
    .description('make a key; it is printed once and never again')
    .requiredOption('--name <name>', 'what it is for')
    .addOption(new Option('--scope <scope>', 'what it may do').choices(keyScopes).makeOptionMandatory())
    .option('--project <project>', 'the project it belongs to', DEFAULT_PROJECT_SLUG)
    .action(async (options: { name: string; scope: string; project: string; json?: boolean }) => {
      const [access, { createKeyInputSchema }, { ensureLocalAdmin }] = await Promise.all([
        import('#src/features/access/server/index.ts'),
        import('#src/features/access/schema.ts'),
        import('#src/server/auth/first-start.ts'),
      ]);
      const input = parseArgument(createKeyInputSchema, { name: options.name, scope: options.scope });
      const created = await withKernel(async (kernel) => {
        // The first command on a new installation finds a default project too.
        await ensureLocalAdmin(kernel);
        const project = await access.findProject(kernel, options.project);
        return access.createApiKey(kernel, { projectId: project.id, name: input.name, scope: input.scope });
      });
      const result = {
        key: created.key,
        id: created.item.id,
        name: input.name,
        scope: input.scope,
        project: options.project,
      };
      createOutput({ json: options.json ?? false }).result(result, [created.key]);
    });
}
