import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/** Where an address leads: to everybody's network, to ours, or to services that trust whoever reaches them. */
export type Reach = 'public' | 'private' | 'forbidden';

const PRIVATE = new BlockList();
for (const [net, prefix] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
] as const)
  PRIVATE.addSubnet(net, prefix, 'ipv4');
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');

/** Link-local ones hand out a cloud's credentials; the others are no hosts. */
const FORBIDDEN = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 3],
] as const)
  FORBIDDEN.addSubnet(net, prefix, 'ipv4');
FORBIDDEN.addAddress('::', 'ipv6');
FORBIDDEN.addSubnet('fe80::', 10, 'ipv6');
FORBIDDEN.addSubnet('ff00::', 8, 'ipv6');
FORBIDDEN.addAddress('fd00:ec2::254', 'ipv6');

/** Of an IP address; IPv4 written as IPv6 counts as IPv4. */
export function reachOf(address: string): Reach {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0 || FORBIDDEN.check(address, family)) return 'forbidden';
  return PRIVATE.check(address, family) ? 'private' : 'public';
}

/** What the configuration vouches for. */
export type AddressTrust = {
  /** Hosts that the configuration names itself, with their ports. */
  hosts: readonly string[];
  /** Where the MCP server is: one outside may not lead us to something inside. */
  server: Reach;
};

/** What is wrong with asking an address that a server has named, in words; null when it may be asked. Pure. */
export function findAddressProblem(url: URL, reaches: readonly Reach[], trust: AddressTrust): string | null {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return `${url.protocol} is not http or https`;
  if (url.username !== '' || url.password !== '') return `${url.host} comes with a name or password`;
  if (trust.hosts.includes(url.host)) return null;
  if (reaches.length === 0) return `${url.hostname} has no address`;
  if (reaches.includes('forbidden')) return `${url.hostname} is no address for an authorization server`;
  if (reaches.includes('private') && trust.server === 'public')
    return `${url.hostname} is inside of our network, and the MCP server that names it is not (name it as auth.issuer if that is right)`;
  if (reaches.includes('public') && url.protocol === 'http:')
    return `${url.hostname} would be asked over plain http`;
  return null;
}

/** The reaches of all addresses of a host; empty when it has none. */
export async function resolveReaches(hostname: string): Promise<Reach[]> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) !== 0) return [reachOf(host)];
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => reachOf(address));
}
