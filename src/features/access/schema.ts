import { z } from 'zod';

/** Scopes of an API key, weakest first. */
export const keyScopes = ['alerts', 'viewer', 'operator', 'admin'] as const;
export const keyScopeSchema = z.enum(keyScopes);
export type KeyScope = z.infer<typeof keyScopeSchema>;

export const keyNameSchema = z.string().trim().min(1).max(80);

export const createKeyInputSchema = z.object({ name: keyNameSchema, scope: keyScopeSchema });
export const revokeKeyInputSchema = z.object({ id: z.uuid() });

/** Part of every address of a project; fixed at its creation. */
export const projectSlugSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$/, 'lower-case letters, digits and hyphens, at most 50');
export const createProjectInputSchema = z.object({
  slug: projectSlugSchema,
  name: z.string().trim().min(1).max(80).optional(),
});

/** A key as a list shows it; the key itself is shown once, when it is made. */
export type ApiKeyView = {
  id: string;
  name: string;
  scope: KeyScope;
  prefix: string;
  createdAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
};
