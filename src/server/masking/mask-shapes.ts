import { placeholderFor } from './compile-custom-pattern.ts';
import type { MaskingPatternName } from './pattern-names.ts';

type Mask = (text: string) => string;

const SYSTEMD_UNIT = /\.(?:service|slice|scope|socket|mount|timer|target)$/i;

function replaceWith(name: MaskingPatternName, expression: RegExp): Mask {
  const placeholder = placeholderFor(name);
  return (text) => text.replace(expression, placeholder);
}

/** The password of `scheme://user:password@host`; user and host stay, they are what a diagnosis needs. */
function maskConnectionStrings(text: string): string {
  const placeholder = placeholderFor('connection_string');
  const general = /(\b[a-z][a-z0-9+.-]{1,30}:\/\/[^\s:@/"'<>\\]{0,256}:)([^\s"'<>/?#\\]{1,512})(?=@)/gi;
  const database =
    /(\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|kafka|nats|sqlserver|jdbc:[a-z]+):\/\/[^\s:@/"'<>\\]{0,256}:)(?!\d{1,5}\/)([^\s"'<>\\]{1,512})(?=@)/gi;
  const userOnly = /(\bhttps?:\/\/)([A-Za-z0-9_-]{16,})(?=@)/gi;
  const mask = (whole: string, before: string, password: string): string =>
    password.startsWith('[MASKED_') || /^[$<{*]/.test(password) ? whole : `${before}${placeholder}`;
  return text.replace(general, mask).replace(database, mask).replace(userOnly, mask);
}

function maskEmails(text: string): string {
  const expression =
    /(?<![A-Za-z0-9._%+/-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}\.[A-Za-z]{2,24}\b/g;
  const placeholder = placeholderFor('email');
  return text.replace(expression, (whole) =>
    whole.startsWith('git@') || SYSTEMD_UNIT.test(whole) ? whole : placeholder,
  );
}

/** A bare AWS secret key: exactly forty base64 characters of mixed kind; forty hex digits are a commit. */
function maskAwsSecretKeys(text: string): string {
  const expression = /(?<![A-Za-z0-9/+=_.-])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=_.-])/g;
  return text.replace(expression, (whole) => {
    const mixed =
      /[0-9]/.test(whole) &&
      (whole.match(/[A-Z]/g)?.length ?? 0) >= 5 &&
      (whole.match(/[a-z]/g)?.length ?? 0) >= 5;
    return mixed ? placeholderFor('aws_secret_key') : whole;
  });
}

/** Keys of clouds and services whose prefix is unmistakable, and TARS's own. */
const CLOUD_KEY =
  /(?<![A-Za-z0-9_])(?:AIza[A-Za-z0-9_-]{30,}|ya29\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,}|sk-(?:ant-|proj-)?[A-Za-z0-9_-]{20,}|xai-[A-Za-z0-9]{20,}|[rs]k_(?:live|test)_[A-Za-z0-9]{10,}|glpat-[A-Za-z0-9_-]{16,}|npm_[A-Za-z0-9]{30,}|hf_[A-Za-z0-9]{30,}|dop_v1_[a-f0-9]{40,}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|hvs\.[A-Za-z0-9_-]{20,}|tars_(?=[A-Za-z0-9_-]{0,60}[0-9])(?=[A-Za-z0-9_-]{0,60}[A-Z])[A-Za-z0-9_-]{20,})/g;

const MASKS: Partial<Record<MaskingPatternName, Mask>> = {
  jwt: replaceWith('jwt', /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{6,16384}(?:\.[A-Za-z0-9_-]{0,16384}){2,4}/g),
  connection_string: maskConnectionStrings,
  aws_access_key: replaceWith(
    'aws_access_key',
    /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  ),
  aws_secret_key: maskAwsSecretKeys,
  github_token: replaceWith(
    'github_token',
    /(?<![A-Za-z0-9_])(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{20,})/g,
  ),
  slack_token: replaceWith(
    'slack_token',
    /(?<![A-Za-z0-9])(?:xox[abeoprs]-[A-Za-z0-9-]{8,}|xapp-[A-Za-z0-9-]{10,}|(?<=hooks\.slack\.com\/services\/)[A-Za-z0-9/]{20,})/g,
  ),
  cloud_key: replaceWith('cloud_key', CLOUD_KEY),
  ssh_key: replaceWith(
    'ssh_key',
    /(?<![A-Za-z0-9-])(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d{3}|sk-ssh-ed25519@openssh\.com)[ \t]+AAAA[A-Za-z0-9+/]+={0,3}/g,
  ),
  email: maskEmails,
  base64_secret: replaceWith(
    'base64_secret',
    /(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/]{20,}={0,2}(?![A-Za-z0-9+/=_-])/g,
  ),
  base64_short: (text) =>
    text.replace(
      /(:[ \t]+)(?=[A-Za-z0-9+/]*[=0-9A-Z])[A-Za-z0-9+/]{4,17}={1,2}(?=[ \t]*\r?$)/gm,
      `$1${placeholderFor('base64_short')}`,
    ),
};

/** Patterns that know a secret by its shape, wherever it stands. Each runs in time linear in the text. */
export function maskShapes(
  text: string,
  enabled: ReadonlySet<MaskingPatternName>,
  checkTime: () => void,
): string {
  let masked = text;
  for (const name of SHAPE_ORDER) {
    const mask = MASKS[name];
    if (mask === undefined || !enabled.has(name)) continue;
    checkTime();
    masked = mask(masked);
  }
  return masked;
}

/** Specific before general, so that the placeholder tells what was there. */
const SHAPE_ORDER: readonly MaskingPatternName[] = [
  'jwt',
  'github_token',
  'slack_token',
  'cloud_key',
  'aws_access_key',
  'connection_string',
  'aws_secret_key',
  'ssh_key',
  'email',
  'base64_secret',
  'base64_short',
];
