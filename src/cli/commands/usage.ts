import type { Command } from 'commander';
import { rankBySchema, usageQuerySchema, usageReportSchema } from '#src/features/usage/schema.ts';
import { addConnectionOptions, type ConnectionOptions, connect } from '../connect.ts';
import { describeUsage } from '../describe-usage.ts';
import { createOutput } from '../output.ts';
import { parseArgument } from '../parse-argument.ts';
import { queryOf } from '../query-of.ts';

type UsageOptions = ConnectionOptions & {
  from?: string;
  to?: string;
  alertType?: string;
  chain?: string;
  by?: string;
};

/** `usage`, over the REST API. */
export function addUsageCommand(program: Command): void {
  const usage = program
    .command('usage')
    .description(
      'tokens and cost of a range of days: in all, by model, chain and alert type, the dearest sessions',
    )
    .option('--from <day>', 'first day (UTC); default: 30 days ago')
    .option('--to <day>', 'last day (UTC); default: today')
    .option('--alert-type <type>', 'only this alert type')
    .option('--chain <name>', 'only this chain')
    .option(
      '--by <what>',
      `rank by ${rankBySchema.options.join(' or ')} (default: cost, where costs are shown)`,
    );
  addConnectionOptions(usage).action(async (options: UsageOptions) => {
    const { from, to, alertType, chain, by: rankBy } = options;
    const wanted = { from, to, alertType, chain, rankBy };
    parseArgument(usageQuerySchema, wanted);
    const api = await connect(options);
    const report = await api.get(`/usage${queryOf(wanted)}`, usageReportSchema);
    createOutput({ json: options.json ?? false }).result(report, describeUsage(report));
  });
}
