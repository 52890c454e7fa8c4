import { initTRPC, TRPCError } from '@trpc/server';
import { z } from 'zod';
import { type AccessLevel, type Principal, requireAccess } from '../auth/principal.ts';
import { AppError, type ErrorCode } from '../errors.ts';
import type { Kernel } from '../kernel.ts';
import type { Logger } from '../logger.ts';
import { projectKernel } from '../project-kernel.ts';
import { toAppError, toFieldIssues } from '../rest/to-app-error.ts';

export type TrpcContext = {
  kernel: Kernel;
  /** Null when the request carries no valid credential. */
  principal: Principal | null;
  requestId: string;
  log: Logger;
};

const trpcCode: Record<ErrorCode, TRPCError['code']> = {
  bad_request: 'BAD_REQUEST',
  unauthorized: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  conflict: 'CONFLICT',
  // tRPC has no word of its own for it; the message tells.
  gone: 'NOT_FOUND',
  payload_too_large: 'PAYLOAD_TOO_LARGE',
  too_many_requests: 'TOO_MANY_REQUESTS',
  unavailable: 'SERVICE_UNAVAILABLE',
  internal: 'INTERNAL_SERVER_ERROR',
};

/** What a procedure asks of its caller. The test that walks every procedure fails on one that does not say. */
export type ProcedureMeta = { access: 'public' | 'signedIn' | AccessLevel };

const t = initTRPC
  .context<TrpcContext>()
  .meta<ProcedureMeta>()
  .create({
    errorFormatter({ shape, error, ctx }) {
      const cause = error.cause;
      const safe = cause instanceof AppError ? cause : undefined;
      const fields = cause instanceof z.ZodError ? toFieldIssues(cause, 'input') : (safe?.fields ?? null);
      const { stack: _stack, ...data } = shape.data;
      return {
        ...shape,
        message: publicMessage(error, shape.message),
        data: { ...data, requestId: ctx?.requestId ?? null, fields },
      };
    },
  });

/** Text of a failure of ours stays inside; zod's own message is its issues as JSON, which `fields` carry readably. */
function publicMessage(error: TRPCError, message: string): string {
  if (error.code === 'INTERNAL_SERVER_ERROR') return 'Something went wrong on our side.';
  return error.cause instanceof z.ZodError ? 'The input is not valid.' : message;
}

const mapErrors = t.middleware(async ({ next, ctx, path }) => {
  const result = await next();
  if (result.ok) return result;
  const { cause } = result.error;
  // What is neither ours nor the server's failure is tRPC's own and already safe: unknown procedures, invalid input.
  if (!(cause instanceof AppError) && result.error.code !== 'INTERNAL_SERVER_ERROR') return result;
  const error = toAppError(cause);
  if (error.code === 'internal') ctx.log.error({ err: cause, path }, 'procedure failed');
  throw new TRPCError({ code: trpcCode[error.code], message: error.message, cause: error });
});

const authenticated = mapErrors.unstable_pipe(({ ctx, next }) => {
  if (!ctx.principal) throw new AppError('unauthorized', 'Sign in first.');
  return next({ ctx: { ...ctx, principal: ctx.principal } });
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

/** Anyone at all: only for what the sign-in page itself needs. */
export const publicProcedure = t.procedure.meta({ access: 'public' }).use(mapErrors);

/** Anyone who is signed in; for what belongs to no project. */
export const signedInProcedure = t.procedure.meta({ access: 'signedIn' }).use(authenticated);

export const projectInput = z.object({ project: z.string().min(1).max(100) });

/** Anyone with at least `needed` in the project that the input names by its slug. */
export const projectProcedure = (needed: AccessLevel) =>
  signedInProcedure
    .meta({ access: needed })
    .input(projectInput)
    .use(async ({ ctx, input, next }) => {
      const project = await ctx.kernel.database.prisma.project.findUnique({
        where: { slug: input.project },
        select: { id: true },
      });
      if (!project) throw new AppError('not_found', 'Project not found');
      requireAccess(ctx.principal, project.id, needed);
      return next({
        ctx: { ...ctx, kernel: projectKernel(ctx.kernel, input.project), projectId: project.id },
      });
    });
