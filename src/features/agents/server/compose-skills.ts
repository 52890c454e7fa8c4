import type { ToolNote } from './agent-step.ts';
import { BUILT_IN_SERVER } from './built-in-tools.ts';
import { cut } from './delimit.ts';
import type { RunMask } from './run-mask.ts';
import type { SelectedSkills } from './select-skills.ts';
import { REQUIRED_SKILLS_CONTEXT_SHARE, SKILL_CATALOG_MAX_CHARS } from './tunables.ts';

export const LOAD_SKILL = 'load_skill';

/**
 * The tiers of the system prompt that skills take: the required ones whole, then the catalog of those that can be loaded.
 * Skills are the administrators' own words, so they are instructions, not data; secrets are masked all the same.
 */
export function composeSkills(
  { required, offered }: SelectedSkills,
  options: { mask: Pick<RunMask, 'text'>; contextChars: number },
): string[] {
  const { mask, contextChars } = options;
  const maxChars = Math.floor((contextChars * REQUIRED_SKILLS_CONTEXT_SHARE) / Math.max(1, required.length));
  const tiers = required.map(({ name, text }) => `## Skill "${name}"\n${cut(mask.text(text), maxChars)}`);
  if (offered.length === 0) return tiers;
  return [...tiers, composeCatalog(offered, mask)];
}

function composeCatalog(offered: SelectedSkills['offered'], mask: Pick<RunMask, 'text'>): string {
  const lines = offered.map(
    ({ name, description }) => `- ${name}: ${mask.text(description).replace(/\s+/g, ' ')}`,
  );
  let room = SKILL_CATALOG_MAX_CHARS;
  const shown = lines.filter((line) => {
    room -= line.length + 1;
    return room >= 0;
  });
  const more = lines.length - shown.length;
  return [
    '## Skills on demand',
    `What the team knows about certain tasks. Load those that fit with ${BUILT_IN_SERVER}__${LOAD_SKILL} before you go on; several at once.`,
    ...shown,
    ...(more > 0
      ? [
          `(${more} more do not fit here: ${offered
            .slice(-more)
            .map(({ name }) => name)
            .join(', ')})`,
        ]
      : []),
  ].join('\n');
}

/** What the timeline says of the skills that an execution begins with. */
export function noteSkills({ required, missing }: SelectedSkills, mask: Pick<RunMask, 'text'>): ToolNote[] {
  return [
    ...required.map((skill) => skillNote(skill, { mask, required: true })),
    ...missing.map(
      (name): ToolNote => ({
        type: 'error',
        content: `The required skill "${name}" is not configured any more. The run goes on without it.`,
        data: { skill: name },
      }),
    ),
  ];
}

export const skillNote = (
  { name, description }: { name: string; description: string },
  { mask, required }: { mask: Pick<RunMask, 'text'>; required: boolean },
): ToolNote => ({ type: 'skill_loaded', content: mask.text(description), data: { skill: name, required } });
