import type { Config } from '../config/schema.ts';
import type { SecretBox } from '../crypto.ts';
import type { Sql } from '../db/database.ts';
import {
  createSessionIdentifiers,
  type KnownIdentifier,
  type SessionIdentifiers,
} from './session-identifiers.ts';

type Row = {
  alert_id: string;
  placeholder: string | null;
  kind: string | null;
  ciphertext: Buffer | null;
};

/**
 * The identifiers of a session with all that is known of them, in one statement. Throws when the session is gone or a value
 * cannot be read (another secret of the installation): nothing may leave then.
 */
export async function loadSessionIdentifiers(
  kernel: { config: { current(): Config }; secrets: SecretBox },
  sql: Sql,
  sessionId: string,
): Promise<SessionIdentifiers> {
  const { rows } = await sql.query<Row>(
    `select s.alert_id, i.placeholder, i.kind, i.ciphertext
     from session s left join masked_identifier i on i.session_id = s.id where s.id = $1`,
    [sessionId],
  );
  const scope = rows[0]?.alert_id;
  if (scope === undefined) throw new Error(`session ${sessionId} does not exist`);
  return createSessionIdentifiers({
    config: kernel.config.current(),
    secrets: kernel.secrets,
    sessionId,
    scope,
    known: openIdentifiers(kernel.secrets, rows),
  });
}

/** Throws when one cannot be read. */
export const openIdentifiers = (
  secrets: SecretBox,
  rows: readonly Pick<Row, 'placeholder' | 'kind' | 'ciphertext'>[],
): KnownIdentifier[] =>
  rows.flatMap(({ placeholder, kind, ciphertext }) =>
    placeholder === null || kind === null || ciphertext === null
      ? []
      : [{ placeholder, kind, value: secrets.open(ciphertext) }],
  );
