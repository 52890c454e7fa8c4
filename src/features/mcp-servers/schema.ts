import { z } from 'zod';

/** Where authorization servers lead people back to, below TARS's public address. */
export const OAUTH_CALLBACK_PATH = '/api/oauth/callback';

/** How a sign-in went, as the system page is told by its address. */
export const signInOutcomes = [
  'connected',
  'denied',
  'expired',
  'unknown',
  'forbidden',
  'changed',
  'failed',
] as const;
export type SignInOutcome = (typeof signInOutcomes)[number];

/** `refused`: the authorization server does not renew the token any more. */
export const signInActions = ['connected', 'denied', 'failed', 'refused', 'disconnected'] as const;
export type SignInAction = (typeof signInActions)[number];

/** One sign-in at a server that wants one. Times are ISO 8601 UTC. */
export const heldSignInSchema = z.object({
  /** `automatic`: TARS has an id and a secret of its own; nobody signs in. */
  state: z.enum(['signed_in', 'needs_sign_in', 'automatic']),
  /** Why somebody has to sign in. */
  why: z.string().nullable(),
  connectedBy: z.string().nullable(),
  connectedAt: z.string().nullable(),
  /** Of the present token; it is renewed by itself where `renewable`. */
  expiresAt: z.string().nullable(),
  renewable: z.boolean(),
  /** Newest first. */
  history: z.array(
    z.object({
      action: z.enum(signInActions).catch('failed'),
      actor: z.string().nullable(),
      detail: z.string().nullable(),
      at: z.string(),
    }),
  ),
});
export type HeldSignIn = z.infer<typeof heldSignInSchema>;

/** The installation's sign-in at a server, and what there is besides where everybody signs in for themselves. */
export const signInStateSchema = heldSignInSchema.extend({
  perUser: z
    .object({
      /** How many are signed in, the reader included. */
      people: z.int(),
      /** Null for an API key, which is no person. */
      mine: heldSignInSchema.nullable(),
    })
    .nullable(),
});
export type SignInState = z.infer<typeof signInStateSchema>;

/** What there is to tell of a server's sign-ins, the reader's own among them; newest first. */
export const historyOf = ({ history, perUser }: SignInState): HeldSignIn['history'] =>
  [...history, ...(perUser?.mine?.history ?? [])].sort((a, b) => b.at.localeCompare(a.at));

/**
 * `needs_sign_in` where a person has to act, `checking` between a sign-in and the next look at the server, `per_user` where
 * only people are signed in, with whose rights nobody looks.
 */
export const mcpServerSchema = z.object({
  name: z.string(),
  transport: z.enum(['stdio', 'http', 'sse']),
  status: z.string(),
  error: z.string().nullable(),
  checkedAt: z.string().nullable(),
  tools: z.int(),
  /** Null for a server without `auth`. */
  signIn: signInStateSchema.nullable(),
});
export type McpServerItem = z.infer<typeof mcpServerSchema>;
export const mcpServerListSchema = z.object({ items: z.array(mcpServerSchema), nextCursor: z.null() });

export const mcpServerNameSchema = z.object({ server: z.string().min(1).max(100) });

/** Whose sign-ins an administrator ends: the installation's, or those of all people as well. */
export const signOutSchema = z.object({ of: z.enum(['installation', 'everybody']).default('installation') });
/** `mine`: of the person who asks. */
export type SignOutOf = z.infer<typeof signOutSchema>['of'] | 'mine';

/** `revoked`: whether the authorization server was told; null where it does not offer that. */
export const signedOutSchema = z.object({ server: z.string(), revoked: z.boolean().nullable() });
