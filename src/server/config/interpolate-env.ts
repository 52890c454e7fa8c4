import type { Environment } from './builtins.ts';

export type ConfigPath = readonly (string | number)[];

export interface InterpolationProblem {
  readonly path: ConfigPath;
  readonly found: string;
  readonly expected: string;
}

export interface Interpolated {
  readonly value: unknown;
  readonly problems: readonly InterpolationProblem[];
  /** Every value that came from the environment into a place, or from a variable, that smells of a secret. */
  readonly secretValues: ReadonlySet<string>;
}

const PLACEHOLDER = /\$(\$?)\{([^{}]*)\}/g;
const VARIABLE = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;
const SECRET_NAME = /key|token|secret|passw|credential|authorization|cookie|dsn|auth\b/i;

/** Whether a configuration key or an environment variable of this name usually holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !/tokens$|keyref$/i.test(name);
}

/**
 * Replaces `${NAME}` and `${NAME:-default}` in every text of a parsed document; the default also counts when the
 * variable is empty, as in a shell. `$${NAME}` stays as `${NAME}`. Keys are never interpolated.
 */
export function interpolateEnv(root: unknown, env: Environment): Interpolated {
  const problems: InterpolationProblem[] = [];
  const secretValues = new Set<string>();

  const replaceText = (text: string, path: ConfigPath): string =>
    text.replace(PLACEHOLDER, (whole, doubled: string, body: string) => {
      if (doubled === '$') return whole.slice(1);
      const match = VARIABLE.exec(body);
      if (match === null) {
        problems.push({ path, found: `"${whole}"`, expected: `\${NAME} or \${NAME:-default}` });
        return '';
      }
      const name = match[1] ?? '';
      const fromEnv = env[name];
      if (fromEnv !== undefined && (fromEnv !== '' || match[2] === undefined)) {
        const inSecretPlace = path.some((part) => part === 'headers' || isSecretName(String(part)));
        if (inSecretPlace || isSecretName(name)) secretValues.add(fromEnv);
        return fromEnv;
      }
      if (match[2] !== undefined) return match[2];
      problems.push({
        path,
        found: `\${${name}}, a variable that is not set`,
        expected: `the environment variable ${name} to be set, or a default: \${${name}:-…}`,
      });
      return '';
    });

  const walk = (value: unknown, path: ConfigPath): unknown => {
    if (typeof value === 'string') return value.includes('${') ? replaceText(value, path) : value;
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]));
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]),
      );
    }
    return value;
  };

  return { value: walk(root, []), problems, secretValues };
}
