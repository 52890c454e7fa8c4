import { AppError } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { BodyProof } from '#src/server/rest/define-operation.ts';
import { carriesSignature, checkSignature, isSecretSource, signatureHeaders } from './check-signature.ts';

/**
 * How a delivery of this source proves itself; null where no secret is configured (a key alone then decides). With a
 * secret the signature is needed even beside a key, and enough without one.
 */
export function proveWebhook(
  kernel: Kernel,
  request: { source: string | undefined; headers: Headers },
): BodyProof | null {
  const { source, headers } = request;
  if (!isSecretSource(source)) return null;
  const { secret, project } = kernel.config.current().webhooks[source];
  if (secret === undefined) return null;
  return {
    present: carriesSignature(source, headers),
    expected: signatureHeaders(source),
    verify: (raw) => checkSignature(source, { secret, headers, raw, nowMs: Date.now() }),
    principal: async () => ({
      kind: 'webhook',
      name: source,
      projectId: await findProject(kernel, source, project),
      scope: 'alerts',
    }),
  };
}

/**
 * Where signed deliveries without a key belong: what the administrator wrote, else the only project there is. Never what
 * the sender says: one secret is one team's, and must not reach another's project.
 */
async function findProject(kernel: Kernel, source: string, slug: string | undefined): Promise<string> {
  const projects = await kernel.database.prisma.project.findMany({
    ...(slug === undefined ? {} : { where: { slug } }),
    select: { id: true },
    take: 2,
  });
  const [only, ...others] = projects;
  if (only && others.length === 0) return only.id;
  const problem =
    slug === undefined ? 'there are several projects and none is named' : 'there is no project of that name';
  kernel.log.warn({ source, problem }, `signed webhook refused: set webhooks.${source}.project`);
  throw new AppError(
    'unauthorized',
    `The signature is valid, but TARS is not told which project it belongs to (webhooks.${source}.project). Send an API key, or ask an administrator.`,
  );
}
