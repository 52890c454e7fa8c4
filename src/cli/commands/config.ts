import type { Command } from 'commander';
import { createOutput } from '../output.ts';

/** `config check`: validates the configuration directory as a start would. */
export function addConfigCommands(program: Command): void {
  const config = program.command('config').description('the configuration files');
  config
    .command('check')
    .description('validate them; every problem with its file, path and what was expected')
    .action(async (options: { json?: boolean }) => {
      const [{ loadEnv }, { loadConfig }] = await Promise.all([
        import('#src/server/env.ts'),
        import('#src/server/config/index.ts'),
      ]);
      const env = loadEnv();
      const { files, warnings } = await loadConfig({ directory: env.configDir, env: env.variables });
      createOutput({ json: options.json ?? false }).result(
        { valid: true, directory: env.configDir, files, warnings },
        [
          ...warnings.map((warning) => `warning: ${warning}`),
          `The configuration in ${env.configDir} is valid (${files.length} ${files.length === 1 ? 'file' : 'files'}).`,
        ],
      );
    });
}
