import { storable, storableJson } from '#src/lib/storable-text.ts';
import type { SessionIdentifiers } from '#src/server/identifiers/index.ts';
import type { Masker } from '#src/server/masking/index.ts';

/** Makes what a model has written fit to be stored, shown and sent on: without secrets, and storable. */
export type RunMask = {
  text(text: string): string;
  /** Arguments of a call; `server` is empty for a tool that does not exist. */
  arguments(server: string, value: Record<string, unknown>): Record<string, unknown>;
  /** Arguments as a server's tool is to get them, with real names for placeholders. */
  reveal: SessionIdentifiers['revealArguments'];
};

/** The run's masking of texts alone. */
export const maskOf = (masker: Masker): Pick<RunMask, 'text'> => ({
  text: (text) => storable(masker.text(text)),
});

/** The run's masking, and for arguments that of the server which they go to on top. */
export function createRunMask(
  masker: Masker,
  maskerOf: (server: string) => Masker,
  reveal: RunMask['reveal'],
): RunMask {
  return {
    ...maskOf(masker),
    reveal,
    arguments(server, value) {
      const masked = masker.json(value);
      const shown = storableJson(server === '' ? masked : maskerOf(server).json(masked));
      return isObject(shown) ? shown : { withheld: String(shown) };
    },
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
