import { stringify } from 'yaml';
import { redactConfig } from '#src/server/config/index.ts';
import { isSecretName } from '#src/server/config/interpolate-env.ts';
import type { Kernel } from '#src/server/kernel.ts';

/** The effective configuration as YAML without secrets. */
export function readConfiguration(kernel: Kernel): { yaml: string } {
  const config = kernel.config.current();
  return { yaml: stringify(redactConfig({ config, secretValues: secretVariables(kernel) })) };
}

/** Values of secret-looking environment variables: hidden wherever the configuration repeats them. */
function secretVariables(kernel: Kernel): Set<string> {
  const secrets = Object.entries(kernel.env.variables).filter(([name]) => isSecretName(name));
  return new Set(secrets.flatMap(([, value]) => (value ? [value] : [])));
}
