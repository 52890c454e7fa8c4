import { type SessionView, sessionSchema } from '#src/features/sessions/schema.ts';
import { listPlaceholders } from '#src/lib/identifier-placeholders.ts';
import type { ApiClient } from './api-client.ts';
import { CommandError } from './cli-error.ts';

/**
 * A session as people read it. Names that are hidden from models are for operators: with a lesser key placeholders stay, and
 * `note` says so.
 */
export async function showSession(
  api: ApiClient,
  id: string,
): Promise<{ session: SessionView; note: string | null }> {
  const session = await api.get(`/sessions/${id}`, sessionSchema);
  if (listPlaceholders(JSON.stringify(session)).length === 0) return { session, note: null };
  try {
    return { session: await api.get(`/sessions/${id}?identifiers=reveal`, sessionSchema), note: null };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { session, note: `Names are not shown: ${error.message}` };
  }
}
