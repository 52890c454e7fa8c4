import { type Command, Option } from 'commander';
import { type ApiKeyView, keyScopes } from '#src/features/access/schema.ts';
import { DEFAULT_PROJECT_SLUG } from '#src/server/auth/first-start.ts';
import { CommandError, UsageError } from '../cli-error.ts';
import { createOutput, formatTable } from '../output.ts';
import { parseArgument } from '../parse-argument.ts';
import { withKernel } from '../with-kernel.ts';

type CreateOptions = { name: string; scope: string; project: string; expires?: string; json?: boolean };
type Options = { project: string; json?: boolean };

/** `key create|list|revoke`: API keys of a project; one is printed when it is made, and never again. */
export function addKeyCommands(program: Command): void {
  const key = program.command('key').description('API keys');
  const add = (name: string, description: string) =>
    key
      .command(name)
      .description(description)
      .option('--project <project>', 'the project they belong to', DEFAULT_PROJECT_SLUG);
  const load = () =>
    Promise.all([
      import('#src/features/access/server/index.ts'),
      import('#src/server/auth/access-events.ts'),
    ]);

  add('create', 'make a key; it is printed once and never again')
    .requiredOption('--name <name>', 'what it is for')
    .addOption(new Option('--scope <scope>', 'what it may do').choices(keyScopes).makeOptionMandatory())
    .option('--expires <duration>', 'after how long it ends, such as 90d; default: never')
    .action(async (options: CreateOptions) => {
      const [[access, { COMMAND_LINE }], { createKeyInputSchema }, { ensureLocalAdmin }] = await Promise.all([
        load(),
        import('#src/features/access/schema.ts'),
        import('#src/server/auth/first-start.ts'),
      ]);
      const { name, scope, expires } = options;
      const expiresAt = expires === undefined ? null : await endAfter(expires);
      const input = parseArgument(createKeyInputSchema, { name, scope, expiresAt });
      const created = await withKernel(async (kernel) => {
        // The first command on a new installation finds a default project too.
        await ensureLocalAdmin(kernel);
        const project = await access.findProject(kernel, options.project);
        return access.createApiKey(kernel, { projectId: project.id, actor: COMMAND_LINE, ...input });
      });
      const result = {
        key: created.key,
        id: created.item.id,
        name: input.name,
        scope: input.scope,
        project: options.project,
        expiresAt: created.item.expiresAt,
      };
      createOutput({ json: options.json ?? false }).result(result, [created.key]);
    });

  add('list', 'keys of a project, valid ones first').action(async (options: Options) => {
    const [access] = await load();
    const items = await withKernel(async (kernel) => {
      const project = await access.findProject(kernel, options.project);
      return access.listApiKeys(kernel, { projectId: project.id });
    });
    const rows = items.map((item) => [
      `${item.prefix}…`,
      item.scope,
      item.name,
      describeState(item, new Date()),
      item.id,
    ]);
    createOutput({ json: options.json ?? false }).result(
      { items },
      rows.length === 0 ? ['There is no key.'] : formatTable(rows),
    );
  });

  add('revoke', 'revoke a key, at once and for good')
    .argument('<key>', 'its id, or its first characters as the list shows them')
    .action(async (wanted: string, options: Options) => {
      const [access, { COMMAND_LINE }] = await load();
      const revoked = await withKernel(async (kernel) => {
        const { id: projectId } = await access.findProject(kernel, options.project);
        const item = pickKey(await access.listApiKeys(kernel, { projectId }), wanted);
        await access.revokeApiKey(kernel, { projectId, actor: COMMAND_LINE, id: item.id });
        return item;
      });
      createOutput({ json: options.json ?? false }).result({ id: revoked.id, revoked: true }, [
        `Revoked ${revoked.name}.`,
      ]);
    });
}

async function endAfter(text: string): Promise<string> {
  const { parseDuration } = await import('#src/server/config/value-schemas.ts');
  const durationMs = parseDuration(text);
  if (!durationMs) throw new UsageError(`--expires: "${text}" is no duration such as 12h or 90d`);
  return new Date(Date.now() + durationMs).toISOString();
}

const PREFIX_MIN_LENGTH = 8;

function pickKey(keys: readonly ApiKeyView[], wanted: string): ApiKeyView {
  const prefix = wanted.replace(/…$/, '');
  const found = keys.filter(
    ({ id, prefix: known }) =>
      id === wanted ||
      (prefix.length >= PREFIX_MIN_LENGTH && (known.startsWith(prefix) || prefix.startsWith(known))),
  );
  const [only, another] = found;
  if (!only) throw new CommandError(`No key of this project is ${prefix.slice(0, PREFIX_MIN_LENGTH)}….`);
  if (another) throw new CommandError('Several keys begin like that; give the id.');
  return only;
}

function describeState(key: ApiKeyView, now: Date): string {
  if (key.revokedAt) return `revoked ${key.revokedAt}`;
  if (key.expiresAt) return `${new Date(key.expiresAt) <= now ? 'expired' : 'until'} ${key.expiresAt}`;
  return key.lastUsedAt ? `used ${key.lastUsedAt}` : 'never used';
}
