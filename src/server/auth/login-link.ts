import { hashToken, newToken } from '../crypto.ts';
import type { Kernel } from '../kernel.ts';
import { ensureLocalAdmin } from './first-start.ts';
import { LOGIN_LINK_TTL_MS } from './tunables.ts';

/**
 * A one-time sign-in link, by default for the local administrator. Only the hash of its token is stored.
 * `ttlMs` milliseconds after now it is worthless.
 */
export async function createLoginLink(
  kernel: Kernel,
  options: { userId?: string; ttlMs?: number; publicUrl?: string } = {},
): Promise<{ url: string; expiresAt: Date }> {
  const userId = options.userId ?? (await ensureLocalAdmin(kernel)).userId;
  const token = newToken();
  const expiresAt = new Date(Date.now() + (options.ttlMs ?? LOGIN_LINK_TTL_MS));
  const { prisma } = kernel.database;
  await prisma.loginLink.deleteMany({ where: { expiresAt: { lt: new Date() } } });
  await prisma.loginLink.create({ data: { tokenHash: hashToken(token), userId, expiresAt } });
  return { url: `${options.publicUrl ?? kernel.env.publicUrl}/login/${token}`, expiresAt };
}

/** Uses a link up: the user's id, or null when it is unknown, used or expired. Of two at once, one wins. */
export async function redeemLoginLink(kernel: Kernel, token: string): Promise<string | null> {
  const { rows } = await kernel.database.pool.query<{ user_id: string }>(
    `update login_link set used_at = now()
     where token_hash = $1 and used_at is null and expires_at > now() returning user_id`,
    [hashToken(token)],
  );
  return rows[0]?.user_id ?? null;
}
