import { actorName } from '#src/server/auth/principal.ts';
import { projectProcedure, publicProcedure, router, signedInProcedure } from '#src/server/trpc/trpc.ts';
import {
  addMemberInputSchema,
  changeRoleInputSchema,
  createKeyInputSchema,
  idInputSchema,
  listMembersInputSchema,
} from '../schema.ts';
import { createApiKey, listApiKeys, revokeApiKey } from './api-keys.ts';
import { describePrincipal } from './describe-principal.ts';
import { listAccessEvents } from './list-access-events.ts';
import { listMembers, listWaiting } from './list-members.ts';
import { addMember, changeRole, removeMember } from './manage-members.ts';

/** What every administrative use case gets: the project, and a name for its history. */
const adminProcedure = projectProcedure('admin').use(({ ctx, next }) =>
  next({ ctx: { ...ctx, acting: { projectId: ctx.projectId, actor: actorName(ctx.principal) } } }),
);

export const accessRouter = router({
  signInMethods: publicProcedure.query(({ ctx }) => ({
    github: ctx.kernel.env.github !== undefined,
    proxy: ctx.kernel.env.proxyHeaders !== undefined,
  })),
  me: signedInProcedure.query(({ ctx }) => describePrincipal(ctx.kernel, ctx.principal)),

  listMembers: adminProcedure.input(listMembersInputSchema).query(async ({ ctx, input }) => ({
    items: await listMembers(ctx.kernel.database.pool, { projectId: ctx.projectId, q: input.q }),
  })),
  listWaiting: adminProcedure.query(async ({ ctx }) => ({
    items: await listWaiting(ctx.kernel.database.pool),
  })),
  addMember: adminProcedure
    .input(addMemberInputSchema)
    .mutation(({ ctx, input: { who, role } }) => addMember(ctx.kernel, { ...ctx.acting, who, role })),
  changeRole: adminProcedure
    .input(idInputSchema.extend(changeRoleInputSchema.shape))
    .mutation(({ ctx, input: { id, role } }) => changeRole(ctx.kernel, { ...ctx.acting, id, role })),
  removeMember: adminProcedure
    .input(idInputSchema)
    .mutation(({ ctx, input: { id } }) => removeMember(ctx.kernel, { ...ctx.acting, id })),
  history: adminProcedure.query(async ({ ctx }) => ({
    items: await listAccessEvents(ctx.kernel, { projectId: ctx.projectId }),
  })),

  listKeys: adminProcedure.query(async ({ ctx }) => ({
    items: await listApiKeys(ctx.kernel, { projectId: ctx.projectId }),
  })),
  createKey: adminProcedure
    .input(createKeyInputSchema)
    .mutation(({ ctx, input: { name, scope, expiresAt } }) =>
      createApiKey(ctx.kernel, { ...ctx.acting, name, scope, expiresAt }),
    ),
  revokeKey: adminProcedure.input(idInputSchema).mutation(async ({ ctx, input: { id } }) => {
    await revokeApiKey(ctx.kernel, { ...ctx.acting, id });
    return { revoked: true };
  }),
});
