import { personOf } from '#src/server/auth/principal.ts';
import { projectProcedure, router } from '#src/server/trpc/trpc.ts';
import { skillNameSchema } from '../schema.ts';
import { showConfiguration } from './read-configuration.ts';
import { readNotices } from './read-notices.ts';
import { readOverview } from './read-overview.ts';
import { listSkills, readSkill } from './read-skills.ts';

export const systemRouter = router({
  notices: projectProcedure('viewer').query(({ ctx }) => readNotices(ctx.kernel)),
  overview: projectProcedure('viewer').query(({ ctx }) => readOverview(ctx.kernel, personOf(ctx.principal))),
  skills: projectProcedure('viewer').query(({ ctx }) => listSkills(ctx.kernel)),
  skill: projectProcedure('viewer')
    .input(skillNameSchema)
    .query(({ ctx, input }) => readSkill(ctx.kernel, { name: input.name })),
  configuration: projectProcedure('admin').query(({ ctx }) => showConfiguration(ctx.kernel)),
});
