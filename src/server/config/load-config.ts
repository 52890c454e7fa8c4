import { builtinConfig, type Environment, PROVIDER_KEY_VARIABLES, type RawRecord } from './builtins.ts';
import { checkFiles } from './check-files.ts';
import { checkReferences } from './check-references.ts';
import { ConfigError, type ConfigIssue } from './config-error.ts';
import { destinationSecrets, destinationWarnings, listDestinations } from './destinations.ts';
import { explainZodIssue, locateProblem, type PathProblem } from './explain-issues.ts';
import { interpolateEnv } from './interpolate-env.ts';
import { isRecord, mergeConfig, releaseAlertTypes } from './merge-config.ts';
import { missingKey } from './missing-credentials.ts';
import { type ConfigFile, readConfigFiles } from './read-config-files.ts';
import { readSkills } from './read-skills.ts';
import { type Config, configSchema } from './schema.ts';
import { CHAIN_DEFAULTS } from './schema-settings.ts';
import { MAX_REPORTED_ISSUES } from './tunables.ts';

export interface LoadedConfig {
  readonly config: Config;
  /** Remarks that do not stop the start (a provider without its key). */
  readonly warnings: readonly string[];
  /** Values that came from secret environment variables; never to be shown (see `redactConfig`). */
  readonly secretValues: ReadonlySet<string>;
  /** The files that were read, in the order in which they were merged; then the skills. */
  readonly files: readonly string[];
}

export interface LoadConfigOptions {
  /** Directory of `*.yaml` files. An empty directory is fine: the built-ins alone are a valid configuration. */
  readonly directory: string;
  readonly env: Environment;
}

/** Reads, interpolates, merges and validates the configuration. Throws `ConfigError` with every problem found. */
export async function loadConfig({ directory, env }: LoadConfigOptions): Promise<LoadedConfig> {
  const [{ files, issues }, { skills, issues: skillIssues }] = await Promise.all([
    readConfigFiles(directory),
    readSkills(directory),
  ]);
  const merged = mergeFiles(files, env);
  const parsed = configSchema.safeParse(merged.value);
  const problems: PathProblem[] = parsed.success
    ? await findProblems({ ...addKeysFromEnv(parsed.data, env), skills })
    : parsed.error.issues.flatMap((issue) => explainZodIssue(issue, merged.value));
  const unreachable = parsed.success ? findUnreachableChains(parsed.data, files) : [];
  const all = [
    ...issues,
    ...skillIssues,
    ...merged.issues,
    ...[...problems, ...unreachable].map((problem) =>
      locateProblem(hideSecrets(problem, merged.secretValues), files),
    ),
  ];
  if (all.length > 0 || !parsed.success) throw new ConfigError(all.slice(0, MAX_REPORTED_ISSUES));
  const config: Config = { ...addKeysFromEnv(parsed.data, env), skills };
  return {
    config,
    warnings: listWarnings(config),
    secretValues: collectSecretValues(config, merged.secretValues),
    files: [...files.map((file) => file.file), ...Object.values(skills).map((skill) => skill.file)],
  };
}

const findProblems = async (config: Config): Promise<PathProblem[]> => [
  ...checkReferences(config),
  ...(await checkFiles(config)),
];

interface MergedFiles {
  readonly value: RawRecord;
  readonly issues: readonly ConfigIssue[];
  readonly secretValues: ReadonlySet<string>;
}

function mergeFiles(files: readonly ConfigFile[], env: Environment): MergedFiles {
  let user: RawRecord = {};
  const issues: ConfigIssue[] = [];
  const secretValues = new Set<string>();
  for (const file of files) {
    const interpolated = interpolateEnv(file.value, env);
    issues.push(...interpolated.problems.map((problem) => locateProblem(problem, [file])));
    for (const secret of interpolated.secretValues) secretValues.add(secret);
    if (isRecord(interpolated.value)) user = mergeConfig(user, interpolated.value);
  }
  const value = withChainDefaults(mergeConfig(releaseAlertTypes(builtinConfig(env), user), user));
  return { value, issues, secretValues };
}

/** Lays the chains' sections over those of `defaults`, before anything that is absent gets its built-in value. */
function withChainDefaults(config: RawRecord): RawRecord {
  const { defaults, chains } = config;
  if (!isRecord(defaults) || !isRecord(chains)) return config;
  const inherited = (chain: RawRecord) =>
    CHAIN_DEFAULTS.flatMap((section) => {
      const [below, above] = [defaults[section], chain[section] ?? {}];
      return isRecord(below) && isRecord(above) ? [[section, { ...below, ...above }] as const] : [];
    });
  const merged = Object.entries(chains).map(([name, chain]) => [
    name,
    isRecord(chain) ? { ...chain, ...Object.fromEntries(inherited(chain)) } : chain,
  ]);
  return { ...config, chains: Object.fromEntries(merged) };
}

function hideSecrets(problem: PathProblem, secretValues: ReadonlySet<string>): PathProblem {
  const leaks = [...secretValues].some((secret) => secret.length > 3 && problem.found.includes(secret));
  return leaks ? { ...problem, found: 'a hidden text' } : problem;
}

/** A user's chain that no alert type leads to, that no check names and that is not the default chain can never run. */
function findUnreachableChains(config: Config, files: readonly ConfigFile[]): PathProblem[] {
  const named = new Set(Object.values(config.checks).map(({ chain }) => chain));
  return Object.entries(config.chains)
    .filter(([name, chain]) => chain.alertTypes.length === 0 && name !== config.defaults.chain)
    .filter(([name]) => !named.has(name))
    .filter(([name]) => files.some((file) => file.document.hasIn(['chains', name])))
    .map(([name]) => ({
      path: ['chains', name, 'alertTypes'],
      found: 'no alert type',
      expected: 'at least one alert type (or defaults.chain to name this chain)',
    }));
}

function addKeysFromEnv(config: Config, env: Environment): Config {
  const llmProviders = Object.fromEntries(
    Object.entries(config.llmProviders).map(([name, provider]) => {
      const fromEnv = env[PROVIDER_KEY_VARIABLES[provider.type] ?? ''];
      const needsKey = provider.apiKey === undefined && fromEnv !== undefined && fromEnv !== '';
      return [name, needsKey ? { ...provider, apiKey: fromEnv } : provider];
    }),
  );
  return { ...config, llmProviders };
}

function listWarnings(config: Config): string[] {
  const warnings: string[] = [];
  for (const [name, provider] of Object.entries(config.llmProviders)) {
    const variable = missingKey(provider);
    if (variable === null) continue;
    warnings.push(`llmProviders.${name}: no apiKey and ${variable} is not set; its calls will be refused`);
  }
  return [
    ...warnings,
    ...listUnverified(config),
    ...listUnpricedBudgets(config),
    ...destinationWarnings(config.notifications),
  ];
}

const listUnverified = ({ mcpServers }: Config): string[] =>
  Object.entries(mcpServers).flatMap(([name, { transport }]) =>
    transport.type !== 'stdio' && transport.tlsVerify === false
      ? [
          `mcpServers.${name}.transport.tlsVerify: false; whoever answers at its address is taken for the server and sees its headers. A caFile is safer`,
        ]
      : [],
  );

/** A budget in money counts only calls whose price is known: one that counts nothing is no limit. */
function listUnpricedBudgets(config: Config): string[] {
  const limited = [config.defaults, ...Object.values(config.chains)].some(
    ({ budgets }) => budgets?.costUsd !== undefined,
  );
  if (!limited) return [];
  return Object.entries(config.llmProviders)
    .filter(([, { type, pricePerMillion }]) => type === 'openai-compatible' && pricePerMillion === undefined)
    .map(
      ([name]) =>
        `llmProviders.${name}: no pricePerMillion; unless the bundled price list knows its address, budgets in costUsd do not count its calls`,
    );
}

function collectSecretValues(config: Config, interpolated: ReadonlySet<string>): ReadonlySet<string> {
  const values = new Set(interpolated);
  for (const provider of Object.values(config.llmProviders)) if (provider.apiKey) values.add(provider.apiKey);
  for (const webhook of Object.values(config.webhooks))
    if ('secret' in webhook && webhook.secret) values.add(webhook.secret);
  for (const [, destination] of listDestinations(config.notifications))
    for (const secret of destinationSecrets(destination)) values.add(secret);
  if (config.runbooks.token) values.add(config.runbooks.token);
  return values;
}
