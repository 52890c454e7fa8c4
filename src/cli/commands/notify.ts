import type { Command } from 'commander';
import { createOutput } from '../output.ts';

/** `notify test`: whether people would be told. Needs the configuration only, so it works while nothing runs. */
export function addNotifyCommands(program: Command): void {
  const notify = program.command('notify').description('notifications');
  notify
    .command('test')
    .description('post a test message to the configured Slack channel')
    .action(async (options: { json?: boolean }) => {
      const [{ loadEnv }, { loadConfig }, { testSlack }] = await Promise.all([
        import('#src/server/env.ts'),
        import('#src/server/config/index.ts'),
        import('#src/features/notifications/server/index.ts'),
      ]);
      const env = loadEnv();
      const { config } = await loadConfig({ directory: env.configDir, env: env.variables });
      const result = await testSlack(config, { publicUrl: env.publicUrl });
      createOutput({ json: options.json ?? false }).result(result, [
        `Posted to ${result.channel} of ${result.team} as ${result.bot}.`,
        result.threadsProblem === null
          ? 'The channel can be read: messages answer in the threads of the monitoring.'
          : `The channel cannot be read (${result.threadsProblem}): threads hang below TARS's own messages only.`,
      ]);
    });
}
