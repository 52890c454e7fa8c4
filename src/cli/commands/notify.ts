import type { Command } from 'commander';
import type { DestinationTest } from '#src/features/notifications/schema.ts';
import type { Outcome } from '../outcome.ts';
import { createOutput } from '../output.ts';

/** `notify test`: whether people would be told. Needs the configuration only, so it works while nothing runs. */
export function addNotifyCommands(program: Command, outcome: Outcome): void {
  const notify = program.command('notify').description('notifications');
  notify
    .command('test')
    .argument('[destination]', 'its name in the configuration; without it every one that is switched on')
    .description('post a test message to the configured destinations')
    .action(async (name: string | undefined, options: { json?: boolean }) => {
      const [{ loadEnv }, { loadConfig }, { testDestinations }] = await Promise.all([
        import('#src/server/env.ts'),
        import('#src/server/config/index.ts'),
        import('#src/features/notifications/server/index.ts'),
      ]);
      const env = loadEnv();
      const { config } = await loadConfig({ directory: env.configDir, env: env.variables });
      const results = await testDestinations(config, { name, publicUrl: env.publicUrl });
      createOutput({ json: options.json ?? false }).result(
        { destinations: results },
        results.flatMap(describe),
      );
      if (results.some(({ problem }) => problem !== null)) outcome.set(1);
    });
}

function describe({
  destination,
  type,
  target,
  problem,
  identity,
  threadsProblem,
}: DestinationTest): string[] {
  const place = `${destination} (${type}${target === '' ? '' : `, ${target}`})`;
  if (problem !== null) return [`${place}: not posted. ${problem}`];
  const posted = `${place}: posted${identity === null ? '' : ` as ${identity}`}.`;
  return threadsProblem === null
    ? [posted]
    : [
        posted,
        `  The channel cannot be read (${threadsProblem}): threads hang below TARS's own messages only.`,
      ];
}
