import { z } from 'zod';
import { accessActions } from '#src/lib/access-actions.ts';
import { PROJECT_SLUG } from '#src/lib/project-slug.ts';

/** Scopes of an API key, weakest first. */
export const keyScopes = ['alerts', 'viewer', 'operator', 'admin'] as const;
export const keyScopeSchema = z.enum(keyScopes);
export type KeyScope = z.infer<typeof keyScopeSchema>;

export const keyNameSchema = z.string().trim().min(1).max(80);

export const createKeyInputSchema = z.object({
  name: keyNameSchema,
  scope: keyScopeSchema,
  /** ISO 8601; from then on the key is worth nothing. Absent or null: no end. */
  expiresAt: z.iso.datetime({ offset: true }).nullish(),
});
export const idInputSchema = z.object({ id: z.uuid() });

/** What a person may be in a project, weakest first. */
export const roles = ['viewer', 'operator', 'admin'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

/** A login or an e-mail address, as the sign-in gives it. */
const whoSchema = z.string().trim().min(1).max(200);
export const listMembersInputSchema = z.object({ q: z.string().trim().min(1).max(200).optional() });
export const addMemberInputSchema = z.object({ who: whoSchema, role: roleSchema });
export const changeRoleInputSchema = z.object({ role: roleSchema });

/** Part of every address of a project; fixed at its creation. */
export const projectSlugSchema = z
  .string()
  .regex(PROJECT_SLUG, 'lower-case letters, digits and hyphens, at most 50');
export const createProjectInputSchema = z.object({
  slug: projectSlugSchema,
  name: z.string().trim().min(1).max(80).optional(),
  admin: whoSchema.optional(),
});

/** Somebody who may use a project, or may from their first sign-in on (`invited`). Times are ISO 8601 UTC. */
export const memberSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  role: roleSchema,
  status: z.enum(['member', 'invited']),
  /** What the sign-in calls them: `github:<login>`, `proxy:<name>`, e-mail addresses. */
  identities: z.array(z.string()),
  createdAt: z.string(),
  /** Null where TARS did it by itself. */
  addedBy: z.string().nullable(),
  /** The account of the one-time links, which counts for no administrator. */
  local: z.boolean(),
});
export type Member = z.infer<typeof memberSchema>;
export const memberListSchema = z.object({ items: z.array(memberSchema), nextCursor: z.null() });
export const memberRemovedSchema = z.object({ id: z.uuid(), removed: z.literal(true) });

/** Somebody who has signed in and belongs to no project at all. */
export type WaitingPerson = { name: string; identity: string; since: string };

/** A key as a list shows it; the key itself is shown once, when it is made. */
export const apiKeySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  scope: keyScopeSchema,
  /** Its first characters. */
  prefix: z.string(),
  createdAt: z.string(),
  createdBy: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
  expiresAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
});
export type ApiKeyView = z.infer<typeof apiKeySchema>;
export const apiKeyListSchema = z.object({ items: z.array(apiKeySchema), nextCursor: z.null() });
export const createdKeySchema = z.object({ key: z.string(), item: apiKeySchema });
export const keyRevokedSchema = z.object({ id: z.uuid(), revoked: z.literal(true) });

/** What was done to members and keys, newest first. */
export const accessEventSchema = z.object({
  id: z.uuid(),
  action: z.enum(accessActions),
  actor: z.string().nullable(),
  subject: z.string(),
  detail: z.string().nullable(),
  createdAt: z.string(),
});
export type AccessEvent = z.infer<typeof accessEventSchema>;
export const accessEventListSchema = z.object({ items: z.array(accessEventSchema), nextCursor: z.null() });
