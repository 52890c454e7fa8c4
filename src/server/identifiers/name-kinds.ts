const WORDS: Readonly<Record<string, string>> = {
  IP: 'an IP address',
  HOST: 'a host',
  EMAIL: 'an e-mail address',
  ACCOUNT: 'an account',
};

/** What stands where neither a name nor a placeholder may: `a host`; `CUSTOMER` → `a customer`. */
export function wordsOfKind(kind: string): string {
  const known = WORDS[kind];
  if (known !== undefined) return known;
  const name = kind.toLowerCase().replaceAll('_', ' ').trim();
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`;
}
