import { type ResolvedMasking, resolveAlertMasking } from '../config/resolve-masking.ts';
import type { Config } from '../config/schema.ts';
import type { SecretBox } from '../crypto.ts';
import type { Sql } from '../db/database.ts';
import { createMasker, type Masker, MaskingTimeoutError, WITHHELD_TEXT } from '../masking/create-masker.ts';
import { loadSessionIdentifiers } from './load-identifiers.ts';
import type { SessionIdentifiers } from './session-identifiers.ts';

/** Masks for one session: secrets for good, then identifiers, which people can read back. */
export type SessionMasker = Masker & { readonly identifiers: SessionIdentifiers };

type Kernel = { config: { current(): Config }; secrets: SecretBox };

/**
 * Secrets come first: what is a part of one must never become readable. An e-mail address is a secret by default; where it
 * is an identifier it is to be read back.
 */
export const createSessionMasker = (
  masking: ResolvedMasking,
  identifiers: SessionIdentifiers,
): SessionMasker =>
  withIdentifiers(createMasker({ ...masking, except: identifiers.supersedes }), identifiers);

/** On top of a masker of secrets that spares what `identifiers` supersedes. */
export function withIdentifiers(secrets: Masker, identifiers: SessionIdentifiers): SessionMasker {
  return {
    identifiers,
    holdsLine: identifiers.holdsLine,
    text: (text) => orWithheld(() => identifiers.mask(secrets.text(text))),
    json: (value) => orWithheld(() => identifiers.maskJson(secrets.json(value))),
    strictText(text, budgetMs) {
      const deadline = performance.now() + budgetMs;
      const masked = identifiers.mask(secrets.strictText(text, budgetMs));
      if (performance.now() > deadline) throw new MaskingTimeoutError(budgetMs);
      return masked;
    },
  };
}

function orWithheld<T>(mask: () => T): T | typeof WITHHELD_TEXT {
  try {
    return mask();
  } catch {
    return WITHHELD_TEXT;
  }
}

/** The masking of a session's alert, chat, models and errors. Throws when what is known of it cannot be read. */
export async function loadSessionMasker(kernel: Kernel, sql: Sql, sessionId: string): Promise<SessionMasker> {
  const identifiers = await loadSessionIdentifiers(kernel, sql, sessionId);
  return createSessionMasker(resolveAlertMasking(kernel.config.current()), identifiers);
}
