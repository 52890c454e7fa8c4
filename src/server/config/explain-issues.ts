import { closest, distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import type { ConfigIssue } from './config-error.ts';
import { validKeysAt } from './describe-schema.ts';
import { type ConfigPath, isSecretName } from './interpolate-env.ts';
import { type ConfigFile, findLine, hasPath } from './read-config-files.ts';
import { ENTRY_SECTIONS } from './schema.ts';
import { SUGGESTION_MAX_DISTANCE_RATIO } from './tunables.ts';

/** A problem before it is given its file and line. */
export interface PathProblem {
  readonly path: ConfigPath;
  readonly found: string;
  readonly expected: string;
}

/** `chains.kubernetes.stages[0].agents[0].name` */
export function formatPath(path: ConfigPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const shown = /^[A-Za-z0-9_-]+$/.test(part) ? part : JSON.stringify(part);
    return text === '' ? shown : `${text}.${shown}`;
  }, '');
}

/** The candidate that a misspelt name most likely meant, or null when none is near. */
export function nearestName(name: string, candidates: readonly string[]): string | null {
  if (candidates.length === 0) return null;
  const best = closest(
    name.toLowerCase(),
    candidates.map((candidate) => candidate.toLowerCase()),
  );
  const original = candidates.find((candidate) => candidate.toLowerCase() === best) ?? null;
  const allowed = Math.max(1, Math.ceil(Math.max(name.length, best.length) * SUGGESTION_MAX_DISTANCE_RATIO));
  return distance(name.toLowerCase(), best) <= allowed ? original : null;
}

/** `"headers" (valid here: type, url, headers)`, or the list alone when nothing is near. */
export function suggest(name: string, candidates: readonly string[], what: string): string {
  const nearest = nearestName(name, candidates);
  const list = candidates.join(', ') || 'none exists';
  return nearest === null ? `${what}: ${list}` : `"${nearest}" (${what}: ${list})`;
}

/** Short, safe rendering of a found value; secrets are named, not shown. */
export function renderFound(value: unknown, path: ConfigPath): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'an empty value';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') return 'a mapping';
  const secret = path.some((part) => part === 'headers' || part === 'env' || isSecretName(String(part)));
  if (typeof value === 'string' && secret) return value === '' ? 'an empty text' : 'a hidden text';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function valueAt(root: unknown, path: ConfigPath): unknown {
  let current: unknown = root;
  for (const part of path) {
    if (current === null || typeof current !== 'object') return undefined;
    current = Object.entries(current).find(([key]) => key === String(part))?.[1];
  }
  return current;
}

function toConfigPath(path: readonly PropertyKey[]): ConfigPath {
  return path.map((part) => (typeof part === 'number' ? part : String(part)));
}

/** What zod found, in the configuration's own words. `root` is the merged document before validation. */
export function explainZodIssue(issue: z.core.$ZodIssue, root: unknown): PathProblem[] {
  const path = toConfigPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const valid = validKeysAt(path);
    return issue.keys.map((key) => ({
      path: [...path, key],
      found: `the unknown key "${key}"`,
      expected: suggest(key, valid, 'valid here'),
    }));
  }
  if (issue.code === 'invalid_key') {
    const expected = issue.issues[0]?.message ?? 'a valid name';
    return [{ path, found: `the name ${JSON.stringify(String(path.at(-1)))}`, expected }];
  }
  const expected = issue.code === 'invalid_type' ? expectedType(issue) : issue.message;
  return [{ path, found: renderFound(valueAt(root, path), path), expected }];
}

function expectedType(issue: { expected: string; message: string }): string {
  if (!issue.message.startsWith('Invalid input')) return issue.message;
  switch (issue.expected) {
    case 'object':
    case 'record':
      return 'a mapping';
    case 'array':
      return 'a list';
    case 'string':
      return 'text';
    default:
      return issue.expected;
  }
}

/** The file that decides what stands at a path: for a named entry the last that has it, else the one that says most. */
function owningFile(files: readonly ConfigFile[], path: ConfigPath): ConfigFile | null {
  const newestFirst = [...files].reverse();
  const section = ENTRY_SECTIONS.find((name) => formatPath(path).startsWith(`${name}.`));
  if (section !== undefined) {
    const entry = path.slice(0, section.split('.').length + 1);
    return newestFirst.find((file) => hasPath(file, entry)) ?? null;
  }
  for (let length = path.length; length >= 1; length--) {
    const owner = newestFirst.find((file) => hasPath(file, path.slice(0, length)));
    if (owner !== undefined) return owner;
  }
  return null;
}

/** Adds file and line. A path that no file has (a built-in) stays without them. */
export function locateProblem(problem: PathProblem, files: readonly ConfigFile[]): ConfigIssue {
  const owner = owningFile(files, problem.path);
  return {
    file: owner?.file ?? null,
    line: owner === null ? null : findLine(owner, problem.path),
    path: formatPath(problem.path),
    found: problem.found,
    expected: problem.expected,
  };
}
