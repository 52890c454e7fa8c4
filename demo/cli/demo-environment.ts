import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Env, loadEnv } from '#src/server/env.ts';
import { FIRST_CHECK_AFTER_MINUTES } from './tunables.ts';

export type DemoPaths = { kubeconfig: string; logs: string };

const packageBins = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));

/**
 * The environment of the demo: production pages, its own data directory, configuration and embedded database, whatever
 * database the machine's environment names. The rest (port, provider keys, GitHub) is taken as it is.
 */
export function demoEnvironment(variables: Record<string, string | undefined>): {
  env: Env;
  paths: DemoPaths;
} {
  const { dataDir } = loadEnv({
    ...variables,
    NODE_ENV: '',
    TARS_DATA_DIR: variables.TARS_DATA_DIR || '.tars/demo',
  });
  const kubeconfig = join(dataDir, 'kubeconfig');
  const env = loadEnv({
    ...variables,
    NODE_ENV: 'production',
    DATABASE_URL: '',
    TARS_DATA_DIR: dataDir,
    TARS_CONFIG: join(dataDir, 'config'),
    KUBECONFIG: kubeconfig,
    // Nobody watches a run that only has to finish.
    TARS_DEMO_PACE: variables.TARS_DEMO_PACE || (variables.TARS_DEMO_EXIT === '1' ? '1ms' : ''),
    TARS_DEMO_CHECK_SCHEDULE: variables.TARS_DEMO_CHECK_SCHEDULE || quarterlyFrom(new Date()),
    // Child processes find the MCP server's program whatever started us.
    PATH: `${packageBins}${delimiter}${variables.PATH ?? ''}`,
  });
  return { env, paths: { kubeconfig, logs: join(dataDir, 'logs') } };
}

/** Each quarter of an hour, the first some minutes after the start: until then the first alert has the stage. */
function quarterlyFrom(start: Date): string {
  const minute = (start.getUTCMinutes() + FIRST_CHECK_AFTER_MINUTES) % 15;
  return `${minute}-59/15 * * * *`;
}
