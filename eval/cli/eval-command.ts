import { type Command, Option } from 'commander';
import { z } from 'zod';
import { UsageError } from '#src/cli/cli-error.ts';
import type { Outcome } from '#src/cli/outcome.ts';
import { createOutput } from '#src/cli/output.ts';
import { parseArgument } from '#src/cli/parse-argument.ts';
import { DIFFICULTIES, difficultySchema } from '#src/features/evaluations/schema.ts';
import { showControls } from '#src/lib/show-controls.ts';
import type { Scenario } from '../scenario/scenario-schema.ts';
import { MAX_CONCURRENCY, MAX_RUNS } from '../tunables.ts';

const optionsSchema = z.object({
  provider: z.string().optional(),
  chain: z.string().optional(),
  runs: z.coerce.number().int().min(1).max(MAX_RUNS),
  concurrency: z.coerce.number().int().min(1).max(MAX_CONCURRENCY),
  scenario: z.array(z.string()).optional(),
  difficulty: z.array(difficultySchema).optional(),
  scenarios: z.string().optional(),
  minPassRate: z.coerce.number().min(0).max(1).optional(),
  list: z.boolean().default(false),
  json: z.boolean().default(false),
});
type Options = z.infer<typeof optionsSchema>;

/** `eval`: scenarios replayed against a provider. */
export function addEvalCommand(program: Command, outcome: Outcome): void {
  program
    .command('eval')
    .description('replay incident scenarios in simulated clusters and report what was found, at which cost')
    .option('--provider <name>', 'use this LLM provider everywhere (default: as configured)')
    .option('--chain <name>', 'the chain that investigates (default: the default chain)')
    .option('--runs <number>', 'attempts per scenario', '1')
    .option('--concurrency <number>', 'attempts side by side', '2')
    .option('--scenario <names...>', 'only these')
    .addOption(new Option('--difficulty <difficulties...>', 'only these').choices(DIFFICULTIES))
    .option('--scenarios <directory>', 'scenarios of your own (default: scenarios/ of the configuration)')
    .option('--min-pass-rate <rate>', 'exit with 1 when fewer attempts pass, e.g. 0.8')
    .option('--list', 'check and list the scenarios, and run nothing')
    .action(async (given: unknown) => {
      const options = parseArgument(optionsSchema, given);
      outcome.set(await runEvalCommand(options));
    });
}

async function runEvalCommand(options: Options): Promise<0 | 1> {
  const output = createOutput({ json: options.json });
  const scenarios = await chooseScenarios(options);
  if (options.list) {
    const { describeScenarios, listScenarios } = await import('./describe-scenarios.ts');
    output.result(listScenarios(scenarios), describeScenarios(scenarios));
    return 0;
  }
  const [{ runEvaluation }, { describeEvaluation }, { createProgress }, { stopOnSignals }, { withDatabase }] =
    await Promise.all([
      import('../run/run-evaluation.ts'),
      import('./describe-evaluation.ts'),
      import('./progress.ts'),
      import('#src/supervisor/stop-on-signals.ts'),
      import('./with-database.ts'),
    ]);
  const stopped = new AbortController();
  stopOnSignals({
    npm: false,
    stop: () => {
      process.stderr.write('tars eval: stopping; what was done is kept\n');
      stopped.abort();
    },
    hasten: () => process.exit(1),
  });
  return withDatabase(async (kernel) => {
    const progress = createProgress({
      write: (line) => process.stderr.write(`${showControls(line)}\n`),
    });
    const evaluation = await runEvaluation(kernel, {
      scenarios,
      subject: { provider: options.provider, chain: options.chain },
      runs: options.runs,
      concurrency: options.concurrency,
      signal: stopped.signal,
      onResult: progress.onResult,
    });
    const address = `${kernel.env.publicUrl}/p/${evaluation.projectSlug}/evaluations/${evaluation.id}`;
    output.result({ ...evaluation, url: address }, describeEvaluation(evaluation, address));
    if (evaluation.status !== 'completed') return 1;
    return (evaluation.summary.passRate ?? 0) < (options.minPassRate ?? 0) ? 1 : 0;
  });
}

async function chooseScenarios(options: Options): Promise<Scenario[]> {
  const [{ loadEnv }, { bundledScenarios, loadScenarios, ownScenarios }] = await Promise.all([
    import('#src/server/env.ts'),
    import('../scenario/load-scenarios.ts'),
  ]);
  const { existsSync } = await import('node:fs');
  if (options.scenarios !== undefined && !existsSync(options.scenarios))
    throw new UsageError(`--scenarios: there is no directory ${options.scenarios}`);
  const own = options.scenarios ?? ownScenarios(loadEnv().configDir);
  const all = await loadScenarios([bundledScenarios, own]);
  const { pickScenarios } = await import('./pick-scenarios.ts');
  return pickScenarios(all, options);
}
