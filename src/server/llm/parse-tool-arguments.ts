import { parseDocument } from 'yaml';

export type ParsedToolArguments = {
  arguments: Record<string, unknown>;
  /** Which reading fitted. `raw` means that none did and `arguments` is `{ input: <text> }`. */
  form: 'object' | 'json' | 'yaml' | 'key_value' | 'raw';
};

const FENCE = /^```[a-z]*\s*\n([\s\S]*?)\n?```$/i;
const KEY_VALUE = /^([A-Za-z_][\w.-]*)\s*[:=]\s*(.*)$/;
/** Models double-encode at most once or twice. */
const MAX_NESTING = 3;

/**
 * Reads the arguments that a model wrote for a tool call, from strict to lenient: JSON object → other JSON (wrapped
 * in `input`; a JSON string is read again as text) → YAML mapping → lines of `key: value` or `key=value` → raw text
 * in `input`. Text that begins like JSON and is broken is never read as key-value lines: half of a call must not run.
 */
export function parseToolArguments(text: string): ParsedToolArguments {
  return parseAtDepth(text, 0);
}

function parseAtDepth(text: string, depth: number): ParsedToolArguments {
  const body = stripFence(text.trim());
  if (body === '') return { arguments: {}, form: 'object' };
  const json = tryParse(() => JSON.parse(body));
  if (json.ok) {
    if (isPlainObject(json.value)) return { arguments: json.value, form: 'object' };
    if (typeof json.value === 'string' && depth < MAX_NESTING) return parseAtDepth(json.value, depth + 1);
    if (json.value === null) return { arguments: {}, form: 'json' };
    const isObject = typeof json.value === 'object' && !Array.isArray(json.value);
    return isObject
      ? { arguments: { input: text }, form: 'raw' }
      : { arguments: { input: json.value }, form: 'json' };
  }
  return readYaml(body) ?? readKeyValueLines(body) ?? { arguments: { input: text }, form: 'raw' };
}

function stripFence(text: string): string {
  return FENCE.exec(text)?.[1]?.trim() ?? text;
}

function readYaml(body: string): ParsedToolArguments | undefined {
  const looksStructured = body.startsWith('{') || body.startsWith('[') || /^[\w"'.-]+\s*:(\s|$)/m.test(body);
  if (!looksStructured) return undefined;
  const yaml = tryParse(() => readYamlStrictly(body));
  if (!yaml.ok) return undefined;
  if (isPlainObject(yaml.value)) return { arguments: yaml.value, form: 'yaml' };
  return Array.isArray(yaml.value) ? { arguments: { input: yaml.value }, form: 'yaml' } : undefined;
}

/** The parser repairs what it can (an open quote, an open brace); repaired text is not what the model meant. */
function readYamlStrictly(body: string): unknown {
  const document = parseDocument(body, { logLevel: 'silent' });
  if (document.errors.length > 0) throw document.errors[0];
  // Aliases are refused: a few lines of them can expand without bound.
  return document.toJS({ maxAliasCount: 0 });
}

function readKeyValueLines(body: string): ParsedToolArguments | undefined {
  if (body.startsWith('{') || body.startsWith('[')) return undefined;
  const entries: [string, unknown][] = [];
  for (const line of splitPairs(body)) {
    const match = KEY_VALUE.exec(line);
    if (match?.[1] === undefined) return undefined;
    entries.push([match[1], readScalar((match[2] ?? '').trim())]);
  }
  const result = Object.fromEntries(entries);
  return isPlainObject(result) ? { arguments: result, form: 'key_value' } : undefined;
}

/** One pair per line, or several `key=value` on one line separated by commas or blanks. */
function splitPairs(body: string): string[] {
  const lines = body.split('\n').map((line) => line.trim().replace(/,$/, ''));
  const filled = lines.filter((line) => line !== '');
  const only = filled[0];
  if (filled.length !== 1 || only === undefined || !/^\S+=/.test(only)) return filled;
  return only.split(/[,\s]+(?=[A-Za-z_][\w.-]*=)/);
}

function readScalar(text: string): unknown {
  const quoted = /^(["'])(.*)\1$/.exec(text);
  if (quoted?.[2] !== undefined) return quoted[2];
  const json = tryParse(() => JSON.parse(text));
  return json.ok ? json.value : text;
}

function tryParse(parse: () => unknown): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: parse() };
  } catch {
    return { ok: false };
  }
}

/** An own `__proto__` key would poison whoever merges the arguments. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, '__proto__')
  );
}
