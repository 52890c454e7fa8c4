import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { DIFFICULTIES } from '#src/features/evaluations/schema.ts';
import { type ConfigIssue, formatConfigIssue } from '#src/server/config/config-error.ts';
import { explainZodIssue, formatPath, type PathProblem } from '#src/server/config/explain-issues.ts';
import { type ConfigFile, findLine, readConfigFiles } from '#src/server/config/read-config-files.ts';
import { AppError } from '#src/server/errors.ts';
import { checkScenario } from './check-scenario.ts';
import { type Scenario, scenarioSchema } from './scenario-schema.ts';

/** The scenarios that come with TARS. */
export const bundledScenarios = fileURLToPath(new URL('../scenarios', import.meta.url));

/** Where an installation's own scenarios are looked for. */
export const ownScenarios = (configDir: string): string => join(configDir, 'scenarios');

/** JSON is YAML. */
const SCENARIO_FILE = /\.(?:ya?ml|json)$/;

/**
 * Reads every scenario of some directories, easiest first; an absent directory is an empty one. Throws `bad_request` with
 * every problem of every file: where it is, what is there, what would be right.
 */
export async function loadScenarios(directories: readonly string[]): Promise<Scenario[]> {
  const scenarios = new Map<string, { scenario: Scenario; file: string }>();
  const issues: ConfigIssue[] = [];
  for (const directory of directories.filter((path) => existsSync(path))) {
    const read = await readConfigFiles(directory, SCENARIO_FILE);
    issues.push(...read.issues);
    for (const file of read.files) {
      const { scenario, problems } = readScenario(file);
      const other = scenario ? scenarios.get(scenario.name) : undefined;
      if (other) problems.push(nameTaken(other.file));
      issues.push(...problems.map((problem) => locate(file, problem)));
      if (scenario && !other) scenarios.set(scenario.name, { scenario, file: file.file });
    }
  }
  if (issues.length > 0) {
    const lines = issues.map((issue) => `  ${formatConfigIssue(issue)}`);
    throw new AppError('bad_request', `Invalid scenarios (${issues.length}):\n${lines.join('\n')}`);
  }
  const rank = ({ difficulty }: Scenario) => DIFFICULTIES.indexOf(difficulty);
  return [...scenarios.values()]
    .map(({ scenario }) => scenario)
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

function readScenario(file: ConfigFile): { scenario: Scenario | null; problems: PathProblem[] } {
  const parsed = scenarioSchema.safeParse(file.value);
  if (parsed.success) return { scenario: parsed.data, problems: checkScenario(parsed.data) };
  return { scenario: null, problems: parsed.error.issues.flatMap((issue) => explain(issue, file.value)) };
}

function explain(issue: z.core.$ZodIssue, root: unknown): PathProblem[] {
  const path = asWritten(issue.path, root);
  if (issue.code !== 'unrecognized_keys') return explainZodIssue({ ...issue, path }, root);
  return issue.keys.map((key) => ({
    path: [...path, key],
    found: `the unknown key "${key}"`,
    expected: 'one that docs/evaluation.md describes',
  }));
}

/** The path in the file: a bare list stands for an object with `any`, which the file does not say. */
function asWritten(path: readonly PropertyKey[], root: unknown): (string | number)[] {
  let value: unknown = root;
  return path.flatMap((part) => {
    if (part === 'any' && Array.isArray(value)) return [];
    value = typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined;
    return [typeof part === 'number' ? part : String(part)];
  });
}

const nameTaken = (file: string): PathProblem => ({
  path: ['name'],
  found: `the name of ${file}`,
  expected: 'a name of its own',
});

const locate = (file: ConfigFile, { path, found, expected }: PathProblem): ConfigIssue => ({
  file: file.file,
  line: findLine(file, path),
  path: formatPath(path),
  found,
  expected,
});
