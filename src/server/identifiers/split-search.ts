import type { Config } from '../config/schema.ts';
import type { SecretBox } from '../crypto.ts';
import { finderOf } from './finder-of.ts';
import { lookUpDigest } from './placeholder.ts';

/**
 * A person's search in two parts: whole names, by the digests under which sessions keep them, and the rest, which is in the
 * texts as it is. Everything is rest when no identifiers are masked.
 */
export function splitSearch(
  { config, secrets }: { config: { current(): Config }; secrets: SecretBox },
  text: string,
): { digests: Buffer[]; rest: string } {
  const spans = finderOf(config.current())?.find(text) ?? [];
  let rest = '';
  let position = 0;
  for (const { start, end } of spans) {
    rest += `${text.slice(position, start)} `;
    position = end;
  }
  return {
    digests: spans.map(({ start, end, kind }) => lookUpDigest(secrets, kind, text.slice(start, end))),
    rest: rest + text.slice(position),
  };
}
