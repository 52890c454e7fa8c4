import { z } from 'zod';
import type { Sql } from '../db/database.ts';

/** PostgreSQL channel on which web processes tell each other who is writing. Nothing of it is stored. */
export const TYPING_CHANNEL = 'tars_typing';

const typingSchema = z.object({ s: z.string(), n: z.string(), c: z.string() });

/** Somebody writes a question to a session, on one connection. */
export type Typing = { sessionId: string; name: string; connection: string };

/** Tells every web process. The name is cut: a notification holds 8000 bytes. */
export async function announceTyping(sql: Sql, { sessionId, name, connection }: Typing): Promise<void> {
  await sql.query('select pg_notify($1, $2)', [
    TYPING_CHANNEL,
    JSON.stringify({ s: sessionId, n: name.slice(0, 100), c: connection }),
  ]);
}

/** Reads a notification; undefined for anything that is not one of ours. */
export function parseTyping(payload: string | undefined): Typing | undefined {
  try {
    const { s, n, c } = typingSchema.parse(JSON.parse(payload ?? ''));
    return { sessionId: s, name: n, connection: c };
  } catch {
    return undefined;
  }
}

export type TypingListener = (typing: Typing) => void;

/** Who wants to hear of whom, by session. */
export class TypingWatch {
  readonly #listeners = new Map<string, Set<TypingListener>>();

  watch(sessionId: string, listener: TypingListener): { close(): void } {
    const listeners = this.#listeners.get(sessionId) ?? new Set();
    this.#listeners.set(sessionId, listeners.add(listener));
    return {
      close: () => {
        listeners.delete(listener);
        if (listeners.size === 0 && this.#listeners.get(sessionId) === listeners)
          this.#listeners.delete(sessionId);
      },
    };
  }

  tell(typing: Typing): void {
    for (const listener of this.#listeners.get(typing.sessionId) ?? []) listener(typing);
  }
}
