import { z } from 'zod';
import { CONTACT_MAX_CHARS } from './tunables.ts';
import { nonEmptyText } from './value-schemas.ts';

const DEFAULT_ROLES = ['none', 'viewer', 'operator'] as const;

/** Who is let in without being asked for, and whom the others may ask. */
export const authSchema = z.strictObject({
  /** What somebody who signs in for the first time is in the default project. */
  defaultRole: z.enum(DEFAULT_ROLES, { error: () => `one of ${DEFAULT_ROLES.join(', ')}` }).default('none'),
  /** Shown to whoever is signed in without belonging to a project: a channel, a team. */
  contact: nonEmptyText.max(CONTACT_MAX_CHARS, `at most ${CONTACT_MAX_CHARS} characters`).optional(),
});
