import { AppError, notFound } from '../errors.ts';

/** Roles within a project, weakest first. `alerts` exists for API keys only: it may do nothing but deliver alerts. */
export const accessLevels = ['alerts', 'viewer', 'operator', 'admin'] as const;
export type AccessLevel = (typeof accessLevels)[number];
export type Role = Exclude<AccessLevel, 'alerts'>;

/** Who is asking, whatever the way in: cookie, API key, proxy header, socket, signed webhook. */
export type Principal =
  | { kind: 'user'; userId: string; name: string; memberships: ReadonlyMap<string, Role> }
  | { kind: 'key'; keyId: string; name: string; projectId: string; scope: AccessLevel }
  /** A delivery that its signature alone proves; `name` is its source. */
  | { kind: 'webhook'; name: string; projectId: string; scope: 'alerts' };

/** What the principal may do in a project; null when it does not belong to it. */
export function accessTo(principal: Principal, projectId: string): AccessLevel | null {
  switch (principal.kind) {
    case 'user':
      return principal.memberships.get(projectId) ?? null;
    case 'key':
    case 'webhook':
      return principal.projectId === projectId ? principal.scope : null;
  }
}

/** Delivering an alert starts a run, as commanding one does: what a viewer may not, although it is above `alerts`. */
export const reaches = (level: AccessLevel, needed: AccessLevel): boolean =>
  needed === 'alerts' ? level !== 'viewer' : accessLevels.indexOf(level) >= accessLevels.indexOf(needed);

/**
 * The one access check. Every tRPC procedure, REST operation, MCP tool and socket room goes through it.
 * A project that the principal does not belong to is `not_found`, so that ids of others cannot be probed;
 * too little access in an own project is `forbidden`.
 */
export function requireAccess(principal: Principal, projectId: string, needed: AccessLevel): void {
  const level = accessTo(principal, projectId);
  if (!level) throw notFound('Project');
  if (!reaches(level, needed)) {
    throw new AppError('forbidden', `This needs the ${needed} role; you have ${level}.`);
  }
}

/** The person's id; null for what is no person. */
export const personOf = (principal: Principal): string | null =>
  principal.kind === 'user' ? principal.userId : null;

export const actorName = (principal: Principal): string =>
  principal.kind === 'user' ? principal.name : `${principal.kind}:${principal.name}`;
