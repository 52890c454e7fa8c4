import { initTRPC, TRPCError } from '@trpc/server';
import superjson from 'superjson';
import { z } from 'zod';
import { type AccessLevel, type Principal, requireAccess } from '../auth/principal.ts';
import { AppError, type ErrorCode } from '../errors.ts';
import type { Kernel } from '../kernel.ts';
import type { Logger } from '../logger.ts';

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
  payload_too_large: 'PAYLOAD_TOO_LARGE',
  too_many_requests: 'TOO_MANY_REQUESTS',
  unavailable: 'SERVICE_UNAVAILABLE',
  internal: 'INTERNAL_SERVER_ERROR',
};

const t = initTRPC.context<TrpcContext>().create({
  transformer: superjson,
  errorFormatter({ shape, error, ctx }) {
    const cause = error.cause;
    const safe = cause instanceof AppError ? cause : undefined;
    const internal = error.code === 'INTERNAL_SERVER_ERROR' && safe?.code !== 'internal';
    const { stack: _stack, ...data } = shape.data;
    return {
      ...shape,
      message: internal ? 'Something went wrong on our side.' : shape.message,
      data: { ...data, requestId: ctx?.requestId ?? null, fields: safe?.fields ?? null },
    };
  },
});

const mapErrors = t.middleware(async ({ next, ctx, path }) => {
  const result = await next();
  if (result.ok) return result;
  const { cause } = result.error;
  if (cause instanceof AppError) {
    if (cause.code === 'internal') ctx.log.error({ err: cause, path }, 'procedure failed');
    throw new TRPCError({ code: trpcCode[cause.code], message: cause.message, cause });
  }
  if (result.error.code === 'INTERNAL_SERVER_ERROR')
    ctx.log.error({ err: result.error, path }, 'procedure failed');
  return result;
});

const authenticated = mapErrors.unstable_pipe(({ ctx, next }) => {
  if (!ctx.principal) throw new AppError('unauthorized', 'Sign in first.');
  return next({ ctx: { ...ctx, principal: ctx.principal } });
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

/** Anyone at all: only for what the sign-in page itself needs. */
export const publicProcedure = t.procedure.use(mapErrors);

/** Anyone who is signed in; for what belongs to no project. */
export const signedInProcedure = t.procedure.use(authenticated);

export const projectInput = z.object({ project: z.string().min(1).max(100) });

/** Anyone with at least `needed` in the project that the input names by its slug. */
export const projectProcedure = (needed: AccessLevel) =>
  signedInProcedure.input(projectInput).use(async ({ ctx, input, next }) => {
    const project = await ctx.kernel.database.prisma.project.findUnique({
      where: { slug: input.project },
      select: { id: true },
    });
    if (!project) throw new AppError('not_found', 'Project not found');
    requireAccess(ctx.principal, project.id, needed);
    return next({ ctx: { ...ctx, projectId: project.id } });
  });
