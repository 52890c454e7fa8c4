import { actorName } from '#src/server/auth/principal.ts';
import { AppError } from '#src/server/errors.ts';
import { projectProcedure, router } from '#src/server/trpc/trpc.ts';
import { mcpServerNameSchema } from '../schema.ts';
import { signOut } from './sign-out.ts';
import { startSignIn } from './start-sign-in.ts';

export const mcpServersRouter = router({
  startSignIn: projectProcedure('admin')
    .input(mcpServerNameSchema)
    .mutation(({ ctx, input }) => {
      const { principal, projectId, kernel } = ctx;
      // The way back leads through a browser, which a key does not have.
      if (principal.kind !== 'user')
        throw new AppError('bad_request', 'A person has to sign in, in a browser.');
      return startSignIn(kernel, { server: input.server, projectId, userId: principal.userId });
    }),
  signOut: projectProcedure('admin')
    .input(mcpServerNameSchema)
    .mutation(({ ctx, input }) =>
      signOut(ctx.kernel, {
        server: input.server,
        actor: actorName(ctx.principal),
        userId: ctx.principal.kind === 'user' ? ctx.principal.userId : null,
      }),
    ),
});
