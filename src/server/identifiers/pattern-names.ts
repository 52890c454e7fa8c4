/** The built-in patterns of identifiers by name, with what their placeholders begin with. */
export const IDENTIFIER_KINDS = {
  ipv4: 'IP',
  ipv6: 'IP',
  hostname: 'HOST',
  email: 'EMAIL',
  aws_account: 'ACCOUNT',
} as const;

export type IdentifierPatternName = keyof typeof IDENTIFIER_KINDS;

export const IDENTIFIER_PATTERN_NAMES = [
  'ipv4',
  'ipv6',
  'hostname',
  'email',
  'aws_account',
] as const satisfies readonly IdentifierPatternName[];

/** `customer-id` → `CUSTOMER_ID` */
export const kindOfCustom = (name: string): string => name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
