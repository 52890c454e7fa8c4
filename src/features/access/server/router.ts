import { projectProcedure, publicProcedure, router, signedInProcedure } from '#src/server/trpc/trpc.ts';
import { createKeyInputSchema, revokeKeyInputSchema } from '../schema.ts';
import { createApiKey, listApiKeys, revokeApiKey } from './api-keys.ts';
import { describePrincipal } from './describe-principal.ts';

export const accessRouter = router({
  signInMethods: publicProcedure.query(({ ctx }) => ({
    github: ctx.kernel.env.github !== undefined,
    proxy: ctx.kernel.env.proxyHeaders !== undefined,
  })),
  me: signedInProcedure.query(({ ctx }) => describePrincipal(ctx.kernel, ctx.principal)),
  listKeys: projectProcedure('admin').query(async ({ ctx }) => ({
    items: await listApiKeys(ctx.kernel, { projectId: ctx.projectId }),
  })),
  createKey: projectProcedure('admin')
    .input(createKeyInputSchema)
    .mutation(async ({ ctx, input }) => {
      const { key, item } = await createApiKey(ctx.kernel, {
        projectId: ctx.projectId,
        name: input.name,
        scope: input.scope,
      });
      ctx.log.info({ keyId: item.id, scope: item.scope }, 'API key created');
      return { key, item };
    }),
  revokeKey: projectProcedure('admin')
    .input(revokeKeyInputSchema)
    .mutation(async ({ ctx, input }) => {
      await revokeApiKey(ctx.kernel, { projectId: ctx.projectId, id: input.id });
      ctx.log.info({ keyId: input.id }, 'API key revoked');
      return { revoked: true };
    }),
});
