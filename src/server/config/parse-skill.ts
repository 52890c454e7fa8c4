import { parse as parseYaml, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { SKILL_DESCRIPTION_MAX_CHARS } from './tunables.ts';
import { entryName } from './value-schemas.ts';

/** Knowledge of the team that an agent may read: a `SKILL.md` with what it is for, and its text. */
export interface Skill {
  readonly name: string;
  /** When to use it; the agent decides by this whether it reads the text. */
  readonly description: string;
  /** Markdown, without the head of the file. */
  readonly text: string;
  /** As given to the loader plus the path below it. */
  readonly file: string;
}

export type SkillLibrary = Readonly<Record<string, Skill>>;

export interface SkillProblem {
  readonly line: number | null;
  readonly path: string;
  readonly found: string;
  readonly expected: string;
}

const headSchema = z.looseObject({
  name: entryName,
  description: z
    .string({ error: () => 'a text that says when to use the skill' })
    .trim()
    .min(1, 'a text that says when to use the skill')
    .max(SKILL_DESCRIPTION_MAX_CHARS, `at most ${SKILL_DESCRIPTION_MAX_CHARS} characters`),
});

const HEAD = /^\ufeff?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/;

/** Reads the text of a skill file: YAML between two lines of `---` (name, description), then Markdown. */
export function parseSkill(source: string, file: string): Skill | SkillProblem[] {
  const head = HEAD.exec(source);
  if (head === null) {
    const expected = 'a head between two lines of --- with name and description, before the text';
    return [{ line: 1, path: '', found: 'no head', expected }];
  }
  const { fields, problem } = readHead(head[1] ?? '');
  if (problem) return [{ ...problem, path: '', expected: 'valid YAML in the head' }];
  const parsed = headSchema.safeParse(fields);
  if (!parsed.success) {
    return parsed.error.issues.map((issue) => ({
      line: lineOf(head[1] ?? '', String(issue.path[0] ?? '')),
      path: issue.path.join('.'),
      found: describeFound(fields, String(issue.path[0] ?? '')),
      expected: issue.message,
    }));
  }
  const text = source.slice(head[0].length).trim();
  if (text === '') return [{ line: null, path: '', found: 'no text', expected: 'a text below the head' }];
  return { name: parsed.data.name, description: parsed.data.description, text, file };
}

type Head = { fields: Record<string, unknown>; problem?: Pick<SkillProblem, 'line' | 'found'> };

/** The fields, or what is wrong with them and in which line of the file, whose first one opens the head. */
function readHead(head: string): Head {
  try {
    const fields: unknown = parseYaml(head, { maxAliasCount: 0 });
    return typeof fields === 'object' && fields !== null && !Array.isArray(fields)
      ? { fields: { ...fields } }
      : { fields: {}, problem: { line: 1, found: 'no fields' } };
  } catch (error) {
    const [first = 'unreadable text'] = error instanceof Error ? error.message.split('\n', 1) : [];
    const at = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined;
    const found = first.replace(/ at line \d+, column \d+:?$/, '');
    return { fields: {}, problem: { line: at === undefined ? 1 : at + 1, found } };
  }
}

/** 1-based in the file, whose first line opens the head. */
function lineOf(head: string, key: string): number | null {
  const at = head.split(/\r?\n/).findIndex((line) => line.startsWith(`${key}:`));
  return at < 0 ? null : at + 2;
}

function describeFound(fields: Record<string, unknown>, key: string): string {
  const value = fields[key];
  if (value === undefined) return 'nothing';
  if (typeof value !== 'string') return typeof value === 'object' ? 'no text' : String(value);
  return value.length > 80 ? `${value.length} characters` : JSON.stringify(value);
}
