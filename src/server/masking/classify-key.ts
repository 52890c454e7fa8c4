import type { MaskingPatternName } from './pattern-names.ts';

/** Words that end the name of a secret; everything before them belongs to the same name (`SPRING_DB_PASSWORD`). */
export const SECRET_KEYWORD =
  /pass(?:word|wd|phrase)|(?<=[a-z0-9_.-])pass(?![a-z])|pwd|api[_-]?key|secret[_-]?access[_-]?key|secret[_-]?key(?:[_-]?base)?|private[_-]?key|(?:account|access|signing|encryption|master|auth)[_-]?key|certificate-authority-data|client-(?:certificate|key)-data|secret|token|authorization|(?:set-)?cookie|_auth/gi;

const NAME_CHARACTER = /[A-Za-z0-9_.-]/;
const MAX_NAME_LENGTH = 128;

/** Start of the name that ends at `end`, walking back over name characters. */
export function findNameStart(text: string, end: number): number {
  let start = end;
  while (start > 0 && end - start < MAX_NAME_LENGTH && NAME_CHARACTER.test(text.charAt(start - 1))) start--;
  return start;
}

/** Names of things in which a secret lies, or which only speak about one; they end in a keyword all the same. */
const REFERENCE_NAME =
  /(?:imagepull|existing|tls|pull|ca|root|k8s|kube|kubernetes)[_-]?secret$|^secrets?$|(?:next|page|continue|continuation|pad|eos|bos|stop|mask)[_-]?token$/i;

/** Prefixes that make `…Secret` a value and not the name of a Kubernetes object. */
const SECRET_VALUE_NAME = /(?:client|app|application|consumer|shared|oauth|hmac)[_-]?secret$/i;

/**
 * The pattern that a key belongs to by its name, or null when keys of this name hold no secret. Only the end of a
 * name counts: `dbPassword` is one, `passwordPolicy` and `tokenExpirationSeconds` are not.
 */
export function classifyKey(rawName: string): MaskingPatternName | null {
  const name = rawName.replace(/^-+/, '');
  const lower = name.toLowerCase().replace(/\d{1,3}$/, '');
  if (REFERENCE_NAME.test(lower)) return name === 'SECRET' ? 'secret_key' : null;
  if (
    /pass(?:word|wd|phrase)$|[_.-]pass$|(?:^|[a-z0-9])pass$/.test(lower) &&
    !/(?:by|com|sur|en|over|under)pass$/.test(lower)
  ) {
    return lower === 'pass' ? null : 'password';
  }
  if (/[_.-]pwd$/.test(lower) || /[a-z]Pwd$/.test(name) || name === 'pwd' || name === 'Pwd')
    return 'password';
  if (/api[_-]?key$/.test(lower)) return 'api_key';
  if (/secret[_-]?access[_-]?key$|aws[_-]?secret[_-]?key$/.test(lower)) return 'aws_secret_key';
  if (/secret[_-]?key(?:[_-]?base)?$/.test(lower)) return 'secret_key';
  if (/private[_-]?key$/.test(lower)) return 'private_key';
  if (/(?:account|sharedaccess)[_-]?key$/.test(lower)) return 'cloud_key';
  if (/(?:signing|encryption|master|auth)[_-]?key$/.test(lower)) return 'secret_key';
  if (/certificate-authority-data$|client-(?:certificate|key)-data$/.test(lower))
    return 'certificate_authority_data';
  if (/secret$/.test(lower)) {
    const environmentName = /^[A-Z0-9]+(?:_[A-Z0-9]+)*_SECRET\d*$/.test(name);
    return environmentName || SECRET_VALUE_NAME.test(lower) || /[_.-]secret$/.test(name)
      ? 'secret_key'
      : null;
  }
  if (/token$/.test(lower)) return 'token';
  if (/(?:^|-)authorization$|^(?:set-)?cookie$|^_auth$|:_auth$/.test(lower)) return 'token';
  return null;
}
