import { stringify } from 'yaml';
import { redactConfig, writeDurations } from '#src/server/config/index.ts';
import { isSecretName } from '#src/server/config/interpolate-env.ts';
import type { Kernel } from '#src/server/kernel.ts';

/** The effective configuration as YAML without secrets, for programs: durations are milliseconds. */
export const readConfiguration = (kernel: Kernel): { yaml: string } => ({
  yaml: stringify(readRedacted(kernel)),
});

/** The same for people: durations as in a file. */
export const showConfiguration = (kernel: Kernel): { yaml: string } => ({
  yaml: stringify(writeDurations(readRedacted(kernel))),
});

const readRedacted = (kernel: Kernel): Record<string, unknown> =>
  redactConfig({ config: kernel.config.current(), secretValues: secretVariables(kernel) });

/** Values of secret-looking environment variables: hidden wherever the configuration repeats them. */
function secretVariables(kernel: Kernel): Set<string> {
  const secrets = Object.entries(kernel.env.variables).filter(([name]) => isSecretName(name));
  return new Set(secrets.flatMap(([, value]) => (value ? [value] : [])));
}
