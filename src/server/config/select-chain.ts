import type { ChainConfig, Config } from './schema.ts';

export interface SelectedChain {
  readonly name: string;
  readonly chain: ChainConfig;
}

/** The chain that handles an alert type; one that no chain names, or none at all, goes to `defaults.chain`. */
export function chainForAlertType(config: Config, alertType?: string | null): SelectedChain {
  const named = Object.entries(config.chains).find(
    ([, chain]) => alertType !== undefined && alertType !== null && chain.alertTypes.includes(alertType),
  );
  const name = named?.[0] ?? config.defaults.chain;
  const chain = named?.[1] ?? config.chains[name];
  if (chain === undefined) throw new Error(`Unknown chain "${name}"`);
  return { name, chain };
}
