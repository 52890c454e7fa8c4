import type { Config } from '#src/server/config/index.ts';
import { askPersonTool } from './ask-person.ts';
import type { BuiltInTool } from './built-in-tools.ts';
import { loadOutput } from './load-output.ts';
import { createSkillTools } from './load-skill-tool.ts';
import { createOutputTools } from './output-tools.ts';
import type { ExecutionPlan, RunContext } from './run-context.ts';
import { maskOf } from './run-mask.ts';
import { selectSkills } from './select-skills.ts';
import { createSubAgentTools } from './sub-agent-tools.ts';
import type { SubAgents } from './sub-agents.ts';

/** Agents that read what others found (synthesis, summary, scoring) are given no tools at all. */
const WITH_TOOLS: ReadonlySet<string> = new Set(['investigation', 'action', 'chat']);

/** The product's own tools of one execution; each feature puts its own on this list. */
export function listBuiltInTools(
  context: RunContext,
  { plan, config, subAgents }: { plan: ExecutionPlan; config: Config; subAgents: SubAgents | null },
): readonly BuiltInTool[] {
  const { settings } = plan;
  if (!WITH_TOOLS.has(settings.type)) return [];
  const { agents } = context.session.snapshot;
  const own = settings.subAgents.map(({ name }) => ({ name, description: agents[name]?.description ?? '' }));
  return [
    ...createOutputTools((id) => loadOutput(context, id)),
    ...createSkillTools(selectSkills(config.skills ?? {}, settings), maskOf(context.masker)),
    ...(settings.askPeople ? [askPersonTool] : []),
    ...(subAgents ? createSubAgentTools(subAgents, own) : []),
    ...(context.tools ?? []),
    ...(plan.tools ?? []),
  ];
}
