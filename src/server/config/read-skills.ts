import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ConfigIssue } from './config-error.ts';
import { parseSkill, type Skill, type SkillLibrary } from './parse-skill.ts';
import { MAX_SKILL_FILE_BYTES, MAX_SKILLS } from './tunables.ts';

/** Folder of skills below the configuration directory. */
export const SKILLS_FOLDER = 'skills';
const SKILL_FILE = 'SKILL.md';

/**
 * The skill files below a configuration directory: `skills/<folder>/SKILL.md`, or `skills/<name>.md` where folders are
 * not possible (a mounted ConfigMap). Hidden entries, among them those by which a ConfigMap is swapped, are no skills.
 */
export async function listSkillFiles(directory: string): Promise<string[]> {
  const folder = path.join(directory, SKILLS_FOLDER);
  const names = (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith('.')).sort();
  const files = await Promise.all(
    names.map(async (name) => {
      const place = path.join(folder, name);
      // stat, not the entry's own kind: both may be links.
      const info = await stat(place).catch(() => null);
      if (info?.isFile() && /\.md$/i.test(name)) return place;
      const nested = path.join(place, SKILL_FILE);
      return info?.isDirectory() && (await stat(nested).catch(() => null))?.isFile() ? nested : null;
    }),
  );
  return files.filter((file) => file !== null);
}

/** Reads every skill of a configuration directory. Problems are reported, not thrown: all at once, with their files. */
export async function readSkills(
  directory: string,
): Promise<{ skills: SkillLibrary; issues: readonly ConfigIssue[] }> {
  const files = await listSkillFiles(directory);
  const skills: Record<string, Skill> = {};
  const issues: ConfigIssue[] = [];
  if (files.length > MAX_SKILLS) {
    const found = `${files.length} skills`;
    const file = path.join(directory, SKILLS_FOLDER);
    issues.push({ file, line: null, path: '', found, expected: `at most ${MAX_SKILLS}` });
  }
  for (const file of files.slice(0, MAX_SKILLS)) {
    const read = await readOne(file);
    if (Array.isArray(read)) issues.push(...read);
    else if (skills[read.name]) {
      const found = `"${read.name}", which ${skills[read.name]?.file} has, too`;
      issues.push({ file, line: 2, path: 'name', found, expected: 'a name of its own for each skill' });
    } else skills[read.name] = read;
  }
  return { skills, issues };
}

async function readOne(file: string): Promise<Skill | ConfigIssue[]> {
  const { size } = await stat(file);
  if (size > MAX_SKILL_FILE_BYTES) {
    const expected = `at most ${MAX_SKILL_FILE_BYTES} bytes`;
    return [{ file, line: null, path: '', found: `${size} bytes`, expected }];
  }
  const parsed = parseSkill(await readFile(file, 'utf8'), file);
  return Array.isArray(parsed) ? parsed.map((problem) => ({ file, ...problem })) : parsed;
}
