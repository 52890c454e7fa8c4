import { z } from 'zod';
import type { Skill } from '#src/server/config/index.ts';
import { type BuiltInTool, defineBuiltInTool } from './built-in-tools.ts';
import { LOAD_SKILL, skillNote } from './compose-skills.ts';
import type { RunMask } from './run-mask.ts';
import type { SelectedSkills } from './select-skills.ts';
import { MAX_SKILLS_PER_CALL } from './tunables.ts';

const inputSchema = z.object({
  names: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(MAX_SKILLS_PER_CALL)
    .describe('Names of skills, as the catalog in your instructions gives them'),
});

/** The tool that reads skills into the conversation; none when nothing is on offer. */
export function createSkillTools(
  { required, offered }: SelectedSkills,
  mask: Pick<RunMask, 'text'>,
): BuiltInTool[] {
  if (offered.length === 0) return [];
  return [
    defineBuiltInTool({
      name: LOAD_SKILL,
      description: 'Loads skills: what the team knows about certain tasks, by their names from the catalog.',
      input: inputSchema,
      run({ names }) {
        const wanted = [...new Set(names)];
        const find = (list: readonly Skill[]) => list.filter(({ name }) => wanted.includes(name));
        const found = find(offered);
        const already = find(required).map(({ name }) => name);
        const unknown = wanted.filter(
          (name) => !found.some((skill) => skill.name === name) && !already.includes(name),
        );
        const notes = [
          ...(already.length > 0 ? [`In your instructions already: ${already.join(', ')}.`] : []),
          ...(unknown.length > 0
            ? [`Unknown: ${unknown.join(', ')}. On offer: ${offered.map(({ name }) => name).join(', ')}.`]
            : []),
        ];
        return {
          ok: found.length + already.length > 0,
          text: [...found.map(({ name, text }) => `# Skill "${name}"\n\n${mask.text(text)}`), ...notes].join(
            '\n\n',
          ),
          notes: found.map((skill) => skillNote(skill, { mask, required: false })),
        };
      },
    }),
  ];
}
