/**
 * Whether a link in foreign text may be followed: a web address without credentials whose host is in the list. An entry
 * `example.com` is that host alone, `*.example.com` every host below it.
 */
export function isAllowedLink(href: string, domains: readonly string[]): boolean {
  if (!URL.canParse(href)) return false;
  const { protocol, hostname, username, password } = new URL(href);
  if (protocol !== 'https:' && protocol !== 'http:') return false;
  if (username !== '' || password !== '') return false;
  return domains.some((entry) => {
    const domain = entry.toLowerCase();
    return domain.startsWith('*.') ? hostname.endsWith(domain.slice(1)) : hostname === domain;
  });
}
