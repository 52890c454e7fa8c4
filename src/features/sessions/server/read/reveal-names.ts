import { z } from 'zod';
import { mapStrings, revealText } from '#src/lib/identifier-placeholders.ts';
import { type Principal, requireAccess } from '#src/server/auth/principal.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { readNames } from './read-names.ts';

/** `?identifiers=reveal` asks for names in the places of placeholders. */
export const revealQuerySchema = z.object({ identifiers: z.enum(['reveal']).optional() });

/**
 * The answer as it is, or with names where the query asks for them. Throws `forbidden` for those who may only read: names are
 * for the people at work, and what a program may pass on is decided by its key.
 */
export async function revealNames(
  context: { kernel: Kernel; principal: Principal; projectId: string },
  options: { sessionId: string; identifiers?: 'reveal' | undefined; body: unknown },
): Promise<unknown> {
  const { kernel, principal, projectId } = context;
  const { sessionId, identifiers, body } = options;
  if (identifiers === undefined) return body;
  requireAccess(principal, projectId, 'operator');
  const names = new Map(Object.entries(await readNames(kernel, { projectId, sessionId })));
  return mapStrings(body, (text) => revealText(text, (placeholder) => names.get(placeholder)));
}
