import type { SignInOutcome } from '#src/features/mcp-servers/schema.ts';
import { finishSignIn } from '#src/features/mcp-servers/server/index.ts';
import type { Authenticator } from '#src/server/auth/authenticate.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { sendReply } from '#src/server/rest/send-reply.ts';
import type { WebRequest } from './web-request.ts';

/** A code, a state or an error code is not longer; a request line with more is none of an authorization server's. */
const PARAMETER_MAX_CHARS = 4_096;

/**
 * `GET /api/oauth/callback`: where an authorization server leads a person back to after the consent. Ends the sign-in that
 * this person began and leads on to the system page, whose address says how it went; codes and errors do not travel on.
 */
export function createOAuthCallbackHandler(options: { kernel: Kernel; authenticator: Authenticator }) {
  const { kernel, authenticator } = options;
  return async ({ req, res, url }: WebRequest): Promise<void> => {
    const leadTo = (location: string) => sendReply(req, res, { status: 303, headers: { location } });
    const read = (name: string) => {
      const value = url.searchParams.get(name);
      return value !== null && value.length <= PARAMETER_MAX_CHARS ? value : null;
    };
    const person = await authenticator.principalFromRequest(req);
    if (person?.kind !== 'user') return leadTo('/sign-in');
    // HEAD is what link previews send; it must not use the state up.
    const state = req.method === 'GET' ? read('state') : null;
    const [membership] = person.memberships.keys();
    if (state === null) return leadTo(await systemPage(kernel, membership, null, 'unknown'));
    const { outcome, server, project } = await finishSignIn(kernel, {
      person,
      answer: { state, code: read('code'), error: read('error'), issuer: read('iss') },
    });
    leadTo(
      project ? pageOf(project, server, outcome) : await systemPage(kernel, membership, server, outcome),
    );
  };
}

async function systemPage(
  kernel: Kernel,
  projectId: string | undefined,
  server: string | null,
  outcome: SignInOutcome,
): Promise<string> {
  if (projectId === undefined) return '/';
  const project = await kernel.database.prisma.project.findUnique({
    where: { id: projectId },
    select: { slug: true },
  });
  return project ? pageOf(project.slug, server, outcome) : '/';
}

function pageOf(project: string, server: string | null, outcome: SignInOutcome): string {
  const query = new URLSearchParams({ signIn: outcome, ...(server !== null && { server }) });
  return `/p/${project}/system?${query}`;
}
