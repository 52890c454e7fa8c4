/** What is wrong with fetching from an address, in words, or null when its host is allow-listed. */
export function findHostProblem(address: string | URL, allowedDomains: readonly string[]): string | null {
  if (!URL.canParse(String(address))) return 'is not an address';
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `is not http or https but ${url.protocol}`;
  if (url.username !== '' || url.password !== '') return 'carries a name or password';
  if (allowedDomains.some((allowed) => isAllowedBy(url, allowed))) return null;
  const list = allowedDomains.join(', ') || 'none';
  return `is on ${url.hostname}, which runbooks.allowedDomains does not name (allowed: ${list})`;
}

/** A host allows all its ports, `host:port` that one only. */
function isAllowedBy(url: URL, allowed: string): boolean {
  const [, host = allowed, port] = /^([^:]+|\[.*\]):(\d+)$/.exec(allowed) ?? [];
  const asked = url.port || (url.protocol === 'https:' ? '443' : '80');
  return normalise(url.hostname) === normalise(host) && (port === undefined || port === asked);
}

/** `[::1]` and `::1`, `Example.COM.` and `example.com`, `bücher.example` and `xn--bcher-kva.example` are one host. */
function normalise(host: string): string {
  const bare = host.replace(/\.$/, '').replace(/^\[(.*)\]$/, '$1');
  const address = `http://${bare.includes(':') ? `[${bare}]` : bare}`;
  return URL.canParse(address) ? new URL(address).hostname : bare.toLowerCase();
}
