import { createMasker } from '../masking/index.ts';
import { isSecretName } from './interpolate-env.ts';
import type { Config, SkillLibrary } from './schema.ts';
import { MIN_SECRET_VALUE_LENGTH } from './tunables.ts';

export interface RedactOptions {
  readonly config: Config;
  /** `LoadedConfig.secretValues`: hidden wherever they occur, also inside addresses and arguments. */
  readonly secretValues?: ReadonlySet<string>;
}

const REDACTED = '[redacted]';

/**
 * The effective configuration for people to read: no key, token, secret, header value or password in it. Durations
 * are milliseconds, as in the parsed configuration. The result is a plain JSON value.
 */
export function redactConfig({ config, secretValues = new Set() }: RedactOptions): Record<string, unknown> {
  const secrets = [...secretValues].filter((value) => value.length >= MIN_SECRET_VALUE_LENGTH);
  const masker = createMasker({ groups: ['security'] });

  const redactText = (text: string, keys: readonly string[]): string => {
    const key = keys.at(-1) ?? '';
    const inHeaders = keys.at(-2) === 'headers';
    const isPattern = keys.includes('masking') || keys.includes('approval');
    if (text !== '' && !isPattern && (inHeaders || isSecretName(key))) return REDACTED;
    const withoutSecrets = secrets.reduce((current, secret) => current.replaceAll(secret, REDACTED), text);
    return keys.includes('masking') || keys.includes('instructions')
      ? withoutSecrets
      : masker.text(withoutSecrets);
  };

  const walk = (value: unknown, keys: readonly string[]): unknown => {
    if (typeof value === 'string') return redactText(value, keys);
    if (Array.isArray(value)) {
      return value.map((item: unknown, index) => {
        const follows = isSecretFlag(value[index - 1]) && typeof item === 'string' && !item.startsWith('-');
        return follows ? REDACTED : walk(item, keys);
      });
    }
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, walk(item, [...keys, key])]),
      );
    }
    return value;
  };

  const shown = { ...config, skills: withoutTexts(config.skills) };
  return Object.fromEntries(Object.entries(shown).map(([key, value]) => [key, walk(value, [key])]));
}

/** What there is and what it is for; the texts are files of their own. */
function withoutTexts(skills: SkillLibrary = {}): Record<string, { description: string; file: string }> {
  return Object.fromEntries(
    Object.values(skills).map(({ name, description, file }) => [name, { description, file }]),
  );
}

/** `--api-token`, whose value is the next argument. */
function isSecretFlag(argument: unknown): boolean {
  return typeof argument === 'string' && /^--?[A-Za-z][\w-]*$/.test(argument) && isSecretName(argument);
}
