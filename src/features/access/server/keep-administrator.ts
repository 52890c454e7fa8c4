import { AppError } from '#src/server/errors.ts';
import type { Role } from '../schema.ts';

export type Standing = { id: string; name: string; role: Role; local: boolean };

/**
 * Refuses what would leave a project without an administrator. The account of the one-time links does not count: whoever
 * signs in first to an installation that only it administers becomes administrator themselves. `role` null: removed.
 */
export function checkAdministratorStays(members: readonly Standing[], id: string, role: Role | null): void {
  const target = members.find((member) => member.id === id);
  if (target?.role !== 'admin' || role === 'admin') return;
  if (members.some((member) => member.id !== id && member.role === 'admin' && !member.local)) return;
  throw new AppError(
    'conflict',
    `${target.name} is the last administrator of this project. Make somebody else one first.`,
  );
}
