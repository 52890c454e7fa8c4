import { storable } from '#src/lib/storable-text.ts';
import type { Sql } from '#src/server/db/database.ts';
import { loadSessionMasker } from '#src/server/identifiers/index.ts';
import type { Kernel } from '#src/server/kernel.ts';

/** What people say goes to the model, which must not learn from them what the session hides. The session is locked. */
export async function maskSaid(
  kernel: Kernel,
  sql: Sql,
  { sessionId, said }: { sessionId: string; said: string },
): Promise<string> {
  const masker = await loadSessionMasker(kernel, sql, sessionId);
  const masked = storable(masker.text(said));
  await masker.identifiers.save(sql);
  return masked;
}
