import type { ResolvedExecution, Skill, SkillLibrary } from '#src/server/config/index.ts';

export type SelectedSkills = {
  /** In the prompt from the start. */
  required: readonly Skill[];
  /** May be loaded when needed. */
  offered: readonly Skill[];
  /** Required by the session's configuration but gone from today's. */
  missing: readonly string[];
};

/** The skills of one execution: the names are the session's, the texts those of today. */
export function selectSkills(
  library: SkillLibrary,
  { skills, requiredSkills }: Pick<ResolvedExecution, 'skills' | 'requiredSkills'>,
): SelectedSkills {
  const find = (name: string) => (Object.hasOwn(library, name) ? (library[name] ?? null) : null);
  const required = requiredSkills.flatMap((name) => find(name) ?? []);
  const offered = (skills ?? Object.keys(library)).filter((name) => !requiredSkills.includes(name));
  return {
    required,
    offered: offered.flatMap((name) => find(name) ?? []),
    missing: requiredSkills.filter((name) => find(name) === null),
  };
}
