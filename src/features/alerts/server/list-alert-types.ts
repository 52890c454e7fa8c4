import type { Kernel } from '#src/server/kernel.ts';
import type { AlertType } from '../schema.ts';

/** The alert types that chains name, in the order of the configuration. */
export const listAlertTypes = (kernel: Kernel): AlertType[] =>
  Object.entries(kernel.config.current().chains).flatMap(([chain, { alertTypes, description }]) =>
    alertTypes.map((name) => ({ name, chain, description: description ?? null })),
  );
