import { actorName, type Principal, personOf } from '#src/server/auth/principal.ts';
import { AppError } from '#src/server/errors.ts';
import { projectProcedure, router } from '#src/server/trpc/trpc.ts';
import { mcpServerNameSchema, signOutSchema } from '../schema.ts';
import { INSTALLATION } from './credential.ts';
import { signOut } from './sign-out.ts';
import { startSignIn } from './start-sign-in.ts';

const asAdmin = projectProcedure('admin').input(mcpServerNameSchema);
/** For themselves: who may start investigations. */
const asOperator = projectProcedure('operator').input(mcpServerNameSchema);

export const mcpServersRouter = router({
  startSignIn: asAdmin.mutation(({ ctx, input }) =>
    startSignIn(ctx.kernel, {
      server: input.server,
      holder: INSTALLATION,
      projectId: ctx.projectId,
      userId: requirePerson(ctx.principal),
    }),
  ),
  signOut: asAdmin.input(signOutSchema).mutation(({ ctx, input }) =>
    signOut(ctx.kernel, {
      server: input.server,
      of: input.of,
      actor: actorName(ctx.principal),
      userId: personOf(ctx.principal),
    }),
  ),

  startMySignIn: asOperator.mutation(({ ctx, input }) => {
    const userId = requirePerson(ctx.principal);
    return startSignIn(ctx.kernel, {
      server: input.server,
      holder: { id: userId, subject: 'you' },
      projectId: ctx.projectId,
      userId,
    });
  }),
  signMeOut: asOperator.mutation(({ ctx, input }) =>
    signOut(ctx.kernel, {
      server: input.server,
      of: 'mine',
      actor: actorName(ctx.principal),
      userId: requirePerson(ctx.principal),
    }),
  ),
});

/** The way to a sign-in leads through a browser, which a key does not have. */
function requirePerson(principal: Principal): string {
  const userId = personOf(principal);
  if (userId === null) throw new AppError('bad_request', 'A person has to sign in, in a browser.');
  return userId;
}
