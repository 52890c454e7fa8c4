/** What is wrong with fetching from an address, in words, or null when its host is allow-listed. */
export function findHostProblem(address: string | URL, allowedDomains: readonly string[]): string | null {
  if (!URL.canParse(String(address))) return 'is not an address';
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `is not http or https but ${url.protocol}`;
  if (url.username !== '' || url.password !== '') return 'carries a name or password';
  const allowed = allowedDomains.map(normalise);
  if (allowed.includes(normalise(url.hostname)) || allowed.includes(normalise(url.host))) return null;
  const list = allowedDomains.join(', ') || 'none';
  return `is on ${url.hostname}, which runbooks.allowedDomains does not name (allowed: ${list})`;
}

/** `[::1]` and `::1`, `Example.COM.` and `example.com` are one host. */
const normalise = (host: string): string =>
  host
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^\[(.*)\]$/, '$1');
