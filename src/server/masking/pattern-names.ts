/** The built-in patterns by name: the fifteen of the field, and three that real logs need. */
export const MASKING_PATTERN_NAMES = [
  'api_key',
  'password',
  'certificate',
  'certificate_authority_data',
  'token',
  'email',
  'ssh_key',
  'base64_secret',
  'base64_short',
  'private_key',
  'secret_key',
  'aws_access_key',
  'aws_secret_key',
  'github_token',
  'slack_token',
  'jwt',
  'connection_string',
  'cloud_key',
  'kubernetes_secret',
] as const;

export type MaskingPatternName = (typeof MASKING_PATTERN_NAMES)[number];

/**
 * Named sets of patterns. `security` is the default for alerts and tool results and therefore also holds what has an
 * unmistakable shape (JWTs, private keys, cloud keys, connection strings and passwords in URLs) and Secret manifests.
 */
export const MASKING_GROUPS = {
  basic: ['api_key', 'password'],
  secrets: ['api_key', 'password', 'token', 'private_key', 'secret_key', 'jwt', 'connection_string'],
  security: [
    'kubernetes_secret',
    'api_key',
    'password',
    'token',
    'certificate',
    'certificate_authority_data',
    'email',
    'ssh_key',
    'private_key',
    'secret_key',
    'jwt',
    'connection_string',
    'aws_access_key',
    'aws_secret_key',
    'github_token',
    'slack_token',
    'cloud_key',
  ],
  kubernetes: [
    'kubernetes_secret',
    'api_key',
    'password',
    'certificate_authority_data',
    'private_key',
    'jwt',
    'connection_string',
  ],
  cloud: ['aws_access_key', 'aws_secret_key', 'cloud_key', 'api_key', 'token'],
  all: MASKING_PATTERN_NAMES,
} as const satisfies Record<string, readonly MaskingPatternName[]>;

export type MaskingGroupName = keyof typeof MASKING_GROUPS;

export const MASKING_GROUP_NAMES: readonly string[] = Object.keys(MASKING_GROUPS);

export function isMaskingGroup(name: string): name is MaskingGroupName {
  return Object.hasOwn(MASKING_GROUPS, name);
}

export function isMaskingPattern(name: string): name is MaskingPatternName {
  return MASKING_PATTERN_NAMES.some((known) => known === name);
}
