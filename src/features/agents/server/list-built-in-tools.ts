import type { Config } from '#src/server/config/index.ts';
import type { BuiltInTool } from './built-in-tools.ts';
import { loadOutput } from './load-output.ts';
import { createSkillTools } from './load-skill-tool.ts';
import { createOutputTools } from './output-tools.ts';
import type { ExecutionPlan, RunContext } from './run-context.ts';
import { maskOf } from './run-mask.ts';
import { selectSkills } from './select-skills.ts';

/** The product's own tools of one execution; each feature puts its own on this list. */
export function listBuiltInTools(
  context: RunContext,
  plan: ExecutionPlan,
  config: Config,
): readonly BuiltInTool[] {
  return [
    ...createOutputTools((id) => loadOutput(context, id)),
    ...createSkillTools(selectSkills(config.skills ?? {}, plan.settings), maskOf(context.masker)),
  ];
}
