import { resolveAlertMasking } from '#src/server/config/index.ts';
import { notFound } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { createMasker } from '#src/server/masking/index.ts';
import type { SkillEntry, SkillView } from '../schema.ts';

/** The skills of the installation by name, without their texts. */
export const listSkills = (kernel: Kernel): SkillEntry[] =>
  Object.values(kernel.config.current().skills ?? {})
    .map(({ name, description }) => ({ name, description }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

/** A skill as agents read it: masked. Throws `not_found`. */
export function readSkill(kernel: Kernel, { name }: { name: string }): SkillView {
  const config = kernel.config.current();
  const skill = Object.values(config.skills ?? {}).find((each) => each.name === name);
  if (!skill) throw notFound('Skill');
  const masker = createMasker(resolveAlertMasking(config));
  return { name, description: masker.text(skill.description), text: masker.text(skill.text) };
}
