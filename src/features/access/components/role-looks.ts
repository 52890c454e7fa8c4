import type { KeyScope, Role } from '../schema.ts';

/** What each role may do, in a few words. */
export const roleLooks: Record<Role, { may: string }> = {
  viewer: { may: 'Reads everything.' },
  operator: { may: 'Also submits, decides, asks.' },
  admin: { may: 'Also manages members and keys.' },
};

export const scopeLooks: Record<KeyScope, { may: string }> = {
  alerts: { may: 'Delivers alerts, and nothing else: for monitoring systems.' },
  ...roleLooks,
};
