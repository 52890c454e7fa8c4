import { mapStrings, revealText } from '#src/lib/identifier-placeholders.ts';
import type { Config } from '../config/schema.ts';
import type { SecretBox } from '../crypto.ts';
import type { Sql } from '../db/database.ts';
import { createIdentifierMask } from './create-identifier-mask.ts';
import { finderOf } from './finder-of.ts';
import { lookUpDigest, placeholderOf } from './placeholder.ts';
import { type RevealedArguments, revealArguments } from './reveal-arguments.ts';
import { MAX_KEPT_IDENTIFIERS } from './tunables.ts';

/** The identifiers of one session as one process knows them. */
export type SessionIdentifiers = {
  /** Whether identifiers are masked at all. */
  readonly isActive: boolean;
  /** Names become placeholders. The same text when no identifiers are masked. */
  mask(text: string): string;
  maskJson(value: unknown): unknown;
  /**
   * A text that is compared between sessions, as a whole: with a name in it, it becomes one placeholder that is the same
   * wherever `scope` is. Longer than others by part of a digest, so that no two texts become equal.
   */
  maskWhole(text: string, options: { kind: string; scope: string }): string;
  /** See `Masker`. */
  holdsLine(line: string): boolean;
  /** Patterns of secrets that would take away for ever what is to be read back. */
  readonly supersedes: readonly 'email'[];
  /**
   * Writes what has been found and not been written. To be called before a text with the placeholders leaves, or in the
   * transaction that stores it; the answer is to be called when that is committed. Without something new there is no statement.
   */
  save(sql: Sql): Promise<() => void>;
  /** The text as people read it. */
  reveal(text: string): string;
  revealArguments(value: Record<string, unknown>): RevealedArguments;
};

export type KnownIdentifier = { placeholder: string; kind: string; value: string };

const NOTHING_TO_DO = () => undefined;

/**
 * @param scope what placeholders are computed for: the alert, which the sessions that investigate it share
 * @param known what has been written before
 */
export function createSessionIdentifiers(options: {
  config: Config;
  secrets: SecretBox;
  sessionId: string;
  scope: string;
  known: readonly KnownIdentifier[];
}): SessionIdentifiers {
  const { config, secrets, sessionId, scope, known } = options;
  const finder = finderOf(config);
  const values = new Map(known.map(({ placeholder, value }) => [placeholder, value]));
  const pending = new Map<string, KnownIdentifier>();
  const kinds = [...new Set([...(finder?.kinds ?? []), ...known.map(({ kind }) => kind)])];
  const nameOf = (placeholder: string) => values.get(placeholder);

  const keep = (found: KnownIdentifier): string => {
    const { placeholder, value } = found;
    if (!values.has(placeholder) && values.size < MAX_KEPT_IDENTIFIERS) {
      values.set(placeholder, value);
      pending.set(placeholder, found);
    }
    return placeholder;
  };
  const mask = createIdentifierMask({
    finder: finder ?? { find: () => [] },
    isKnown: (placeholder) => values.has(placeholder),
    placeholderFor: (kind, value) =>
      keep({ placeholder: placeholderOf(secrets, { scope, kind, value }), kind, value }),
  });

  const save = async (sql: Sql): Promise<() => void> => {
    if (pending.size === 0) return NOTHING_TO_DO;
    const entries = [...pending.values()];
    await writeIdentifiers(sql, { sessionId, secrets, entries });
    return () => {
      for (const { placeholder } of entries) pending.delete(placeholder);
    };
  };

  return {
    isActive: finder !== null,
    mask: finder ? mask : (text) => text,
    maskJson: (value) => (finder ? mapStrings(value, mask) : value),
    maskWhole(text, { kind, scope: place }) {
      if (!finder || finder.find(text).length === 0) return text;
      const placeholder = keep({
        placeholder: placeholderOf(secrets, { scope: place, kind, value: text }),
        kind,
        value: text,
      });
      return `${placeholder} ${secrets.digest('identifier-whole', place, text).toString('hex').slice(0, 16)}`;
    },
    holdsLine: (line) => finder?.holdsLine(line) ?? false,
    supersedes: finder?.kinds.includes('EMAIL') ? ['email'] : [],
    save,
    reveal: (text) => revealText(text, nameOf),
    revealArguments: (value) => revealArguments(value, { kinds, nameOf }),
  };
}

/** In one order everywhere, so that two who write the same wait for each other and not in a circle. */
async function writeIdentifiers(
  sql: Sql,
  options: { sessionId: string; secrets: SecretBox; entries: readonly KnownIdentifier[] },
): Promise<void> {
  const { sessionId, secrets } = options;
  const entries = [...options.entries].sort((a, b) => (a.placeholder < b.placeholder ? -1 : 1));
  await sql.query(
    `insert into masked_identifier (session_id, placeholder, kind, ciphertext, digest)
     select $1, * from unnest($2::text[], $3::text[], $4::bytea[], $5::bytea[])
     on conflict (session_id, digest) do nothing`,
    [
      sessionId,
      entries.map(({ placeholder }) => placeholder),
      entries.map(({ kind }) => kind),
      entries.map(({ value }) => Buffer.from(secrets.seal(value))),
      entries.map(({ kind, value }) => lookUpDigest(secrets, kind, value)),
    ],
  );
}
