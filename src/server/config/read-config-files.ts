import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml';
import type { ConfigIssue } from './config-error.ts';
import { MAX_CONFIG_FILE_BYTES, MAX_YAML_ALIASES } from './tunables.ts';

export interface ConfigFile {
  readonly file: string;
  readonly value: unknown;
  readonly document: Document;
  readonly lineCounter: LineCounter;
}

export interface ReadResult {
  readonly files: readonly ConfigFile[];
  readonly issues: readonly ConfigIssue[];
}

const CONFIG_FILE = /\.ya?ml$/;

/** Names of the configuration files of a directory in the order in which they are merged. */
export async function listConfigFiles(directory: string, wanted = CONFIG_FILE): Promise<string[]> {
  const names = await readdir(directory);
  return names.filter((name) => wanted.test(name) && !name.startsWith('.')).sort();
}

/** Line (1-based) of the node at `configPath`, or of its nearest ancestor that exists; null when there is none. */
export function findLine(file: ConfigFile, configPath: readonly (string | number)[]): number | null {
  for (let length = configPath.length; length >= 0; length--) {
    const line = lineOf(file, configPath.slice(0, length));
    if (line !== null) return line;
  }
  return null;
}

function lineOf(file: ConfigFile, configPath: readonly (string | number)[]): number | null {
  const last = configPath.at(-1);
  const parent = configPath.length === 0 ? undefined : file.document.getIn(configPath.slice(0, -1), true);
  const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === String(last)) : undefined;
  const node = isNode(pair?.key) ? pair.key : file.document.getIn(configPath, true);
  if (!isNode(node) || !node.range) return null;
  return file.lineCounter.linePos(node.range[0]).line;
}

/** Whether the file itself says something at this path. */
export function hasPath(file: ConfigFile, configPath: readonly (string | number)[]): boolean {
  return configPath.length === 0 || file.document.hasIn(configPath);
}

async function readOne(directory: string, name: string): Promise<ReadResult> {
  const fullPath = path.join(directory, name);
  const fail = (found: string, expected: string, line: number | null = null): ReadResult => ({
    files: [],
    issues: [{ file: fullPath, line, path: '', found, expected }],
  });
  const { size } = await stat(fullPath);
  if (size > MAX_CONFIG_FILE_BYTES) return fail(`${size} bytes`, `at most ${MAX_CONFIG_FILE_BYTES} bytes`);
  const lineCounter = new LineCounter();
  const document = parseDocument(await readFile(fullPath, 'utf8'), {
    lineCounter,
    merge: true,
    prettyErrors: false,
  });
  if (document.errors.length > 0) {
    return {
      files: [],
      issues: document.errors.map((error) => ({
        file: fullPath,
        line: lineCounter.linePos(error.pos[0]).line,
        path: '',
        found: error.message,
        expected: 'valid YAML',
      })),
    };
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_YAML_ALIASES }) ?? {};
    if (typeof value !== 'object' || Array.isArray(value))
      return fail('no mapping', 'a mapping of sections', 1);
    return { files: [{ file: fullPath, value, document, lineCounter }], issues: [] };
  } catch (error) {
    return fail(
      error instanceof Error ? error.message : 'an unreadable document',
      'YAML with few aliases',
      1,
    );
  }
}

/**
 * Reads every `*.yaml` (and `*.yml`), or what else is wanted, of a directory in name order; a broken file is reported, not
 * thrown.
 */
export async function readConfigFiles(directory: string, wanted = CONFIG_FILE): Promise<ReadResult> {
  let names: string[];
  try {
    names = await listConfigFiles(directory, wanted);
  } catch {
    const found = 'no readable directory';
    return {
      files: [],
      issues: [{ file: directory, line: null, path: '', found, expected: 'a directory of YAML files' }],
    };
  }
  const files: ConfigFile[] = [];
  const issues: ConfigIssue[] = [];
  for (const name of names) {
    try {
      const result = await readOne(directory, name);
      files.push(...result.files);
      issues.push(...result.issues);
    } catch (error) {
      const found = error instanceof Error ? error.message : 'an unreadable file';
      issues.push({
        file: path.join(directory, name),
        line: null,
        path: '',
        found,
        expected: 'a readable file',
      });
    }
  }
  return { files, issues };
}
