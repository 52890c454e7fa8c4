import type { AccessLevel, Principal } from '#src/server/auth/principal.ts';
import type { Kernel } from '#src/server/kernel.ts';

export type PrincipalView = {
  name: string;
  kind: Principal['kind'];
  projects: { id: string; slug: string; name: string; role: AccessLevel }[];
  /** What an administrator types to let this person in: `github:<login>`, `proxy:<name>`, addresses. */
  identities: readonly string[];
  /** Whom to ask for access, in the words of the configuration. */
  contact: string | null;
  /** For the pages: hosts to which links in foreign text may lead. */
  allowedLinkDomains: readonly string[];
  /** For the pages: whether costs are shown. */
  showsCosts: boolean;
};

/** Who is asking and which projects they may see, by name. */
export async function describePrincipal(kernel: Kernel, principal: Principal): Promise<PrincipalView> {
  const levels = new Map<string, AccessLevel>(
    principal.kind === 'user' ? principal.memberships : [[principal.projectId, principal.scope]],
  );
  const projects = await kernel.database.prisma.project.findMany({
    where: { id: { in: [...levels.keys()] } },
    orderBy: { name: 'asc' },
    select: { id: true, slug: true, name: true },
  });
  const { ui, auth, costs } = kernel.config.current();
  return {
    name: principal.name,
    kind: principal.kind,
    identities: await readIdentities(kernel, principal),
    contact: auth.contact ?? null,
    allowedLinkDomains: ui.allowedLinkDomains,
    showsCosts: costs.enabled,
    projects: projects.flatMap((project) => {
      const role = levels.get(project.id);
      return role ? [{ ...project, role }] : [];
    }),
  };
}

async function readIdentities(kernel: Kernel, principal: Principal): Promise<readonly string[]> {
  if (principal.kind !== 'user') return [];
  const user = await kernel.database.prisma.user.findUnique({
    where: { id: principal.userId },
    select: { knownAs: true },
  });
  return user?.knownAs ?? [];
}
