import type { LogFact } from './facts.ts';
import { isObjectName } from './names.ts';
import { parseMemoryBytes } from './quantities.ts';

/** A line of a log that tells a kind of failure; `name` is what it is about (variable, path, host, …). */
export interface LogHit {
  kind:
    | 'missing_config'
    | 'bad_config'
    | 'missing_file'
    | 'connection'
    | 'dns'
    | 'certificate'
    | 'disk_full'
    | 'memory'
    | 'forbidden'
    | 'fatal';
  log: LogFact;
  line: string;
  name: string;
}

const SETTING =
  '(?:environment variables?|env(?:ironment)? ?vars?|env|settings?|config(?:uration)?(?: key| value| option)?|(?:required|secret|mandatory) key|key|property|variable|option|secret)';
const NAME = '["\'`]?([A-Za-z_][\\w.-]*)["\'`]?';
const MISSING_CONFIG = [
  new RegExp(
    `${SETTING}\\s*[:=]?\\s*${NAME}\\s+(?:is |was |are )?(?:not set|missing|required|not found|not defined|undefined|empty|unset|absent|must be|does not exist|not present|not provided)`,
    'i',
  ),
  new RegExp(
    `(?:missing|requires?|required|undefined|unset|cannot find|could ?n[o']t find|not found|no such|absent|no value for)[:\\s]+(?:required |mandatory |the |value for )*${SETTING}\\s*[:=]?\\s*${NAME}`,
    'i',
  ),
  /KeyError: ['"]([A-Za-z_]\w*)['"]/,
  /\b([A-Z][A-Z0-9]*_[A-Z0-9_]+)\b["'`]? (?:(?:is|was) (?:not set|required|missing|empty|undefined|not defined|unset|mandatory)|must be (?:set|provided|defined)|not set|missing|required|undefined)/,
  /(?:missing|required|undefined|unset|not set)[^A-Za-z]{1,4}["'`]?([A-Z][A-Z0-9]*_[A-Z0-9_]+)\b/i,
];
/** A value that is there and cannot be read. */
const BAD_VALUE =
  /invalid (?:syntax|value|duration|number|integer|boolean|format)|(?:cannot|could not|failed to|unable to) (?:be )?(?:parsed?|convert|unmarshal)|\bparsing ["'`\\]|NumberFormatException|not a valid (?:number|integer|duration|boolean|url)|must be an? (?:number|integer|duration|boolean)/i;
const ENV_NAME = /\b([A-Z][A-Z0-9]*_[A-Z0-9_]+)\b/;
const NO_FILE =
  /no such file or directory|ENOENT|FileNotFound|file not found|NoSuchFileException|cannot open|can't open/i;
const DNS =
  /no such host|ENOTFOUND|EAI_AGAIN|NXDOMAIN|could not translate host name|name or service not known|temporary failure in name resolution|unknown host|UnknownHostException|could not resolve/i;
const CONNECTION =
  /connection refused|ECONNREFUSED|i\/o timeout|connect(?:ion)? (?:attempt )?timed? ?out|ETIMEDOUT|no route to host|host is unreachable|EHOSTUNREACH|connection reset|ECONNRESET|upstream connect error|could not connect to|failed to connect to|context deadline exceeded|no healthy upstream|service unavailable/i;
const CERTIFICATE =
  /certificate (?:has )?expired|CERT_HAS_EXPIRED|certificate is not yet valid|NotAfter.*expired|certificate expired|expired certificate|SSL_ERROR_EXPIRED/i;
const DISK = /no space left on device|ENOSPC|disk quota exceeded|disk (?:is )?full/i;
const MEMORY =
  /OutOfMemoryError|heap out of memory|runtime: out of memory|\bMemoryError\b|cannot allocate memory|allocation failed.*heap/i;
const FORBIDDEN =
  /is forbidden: User|(?:cannot|not allowed to) (?:get|list|watch|create|update|patch|delete) resource|403 Forbidden.*(?:api|apis)\//i;
const FATAL =
  /\b(?:fatal|panic|unhandled|uncaught|traceback|exception|segmentation fault|assertion failed|abort(?:ed|ing)?|critical)\b|\b(?:level|severity)["=: ]+(?:error|fatal|critical)|^(?:error|E\d{4})\b|\berror\b[:\s]/i;

/** Nothing answers at all, as when packets are dropped; a port that nobody listens on refuses at once. */
export const isTimeout = (line: string): boolean =>
  /i\/o timeout|timed? ?out|ETIMEDOUT|deadline exceeded/i.test(line);

/** The hits of one log, in its order; a line gives one hit, of the most precise kind. */
export function scanLog(log: LogFact): LogHit[] {
  return log.lines.flatMap((line): LogHit[] => {
    const hit = classify(line);
    return hit ? [{ ...hit, log, line }] : [];
  });
}

function classify(line: string): { kind: LogHit['kind']; name: string } | null {
  if (CERTIFICATE.test(line)) return { kind: 'certificate', name: '' };
  if (DISK.test(line)) return { kind: 'disk_full', name: '' };
  if (FORBIDDEN.test(line))
    return { kind: 'forbidden', name: line.match(/system:serviceaccount:([a-z0-9.:-]+)/)?.[1] ?? '' };
  if (MEMORY.test(line)) return { kind: 'memory', name: '' };
  if (NO_FILE.test(line)) {
    const path = line.match(/(\/[\w.-]+(?:\/[\w.-]+)+)/)?.[1];
    if (path !== undefined) return { kind: 'missing_file', name: path.replace(/[.:]+$/, '') };
  }
  if (DNS.test(line)) return { kind: 'dns', name: hostIn(line) };
  if (CONNECTION.test(line)) return { kind: 'connection', name: hostIn(line) };
  for (const pattern of MISSING_CONFIG) {
    const name = line.match(pattern)?.[1];
    if (name !== undefined && !/^(?:in|for|from|the|is|was|and|or|to|at|of|be|not|must|file)$/i.test(name)) {
      return { kind: 'missing_config', name: name.replace(/[.-]+$/, '') };
    }
  }
  const setting = BAD_VALUE.test(line) ? line.match(ENV_NAME)?.[1] : undefined;
  if (setting !== undefined) return { kind: 'bad_config', name: setting };
  return FATAL.test(line) ? { kind: 'fatal', name: '' } : null;
}

/** The host of a failed connection as `host` or `host:port`; empty when the line names none. */
function hostIn(line: string): string {
  const url = line.match(/\b[a-z][a-z0-9+.-]*:\/\/(?:[^@\s/]*@)?([a-z0-9][a-z0-9.-]*(?::\d+)?)/i)?.[1];
  const lookup = line.match(
    /(?:lookup|ENOTFOUND|EAI_AGAIN|host(?: name)?|resolve|UnknownHostException:?)\s+["'`]?([a-z0-9][a-z0-9.-]*[a-z0-9])/,
  )?.[1];
  const pair = line.match(/(?<![\d:.])\b([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*:\d{2,5})\b/)?.[1];
  const dial = line.match(
    /(?:connect(?:ing)? to|dial tcp|reach(?:ing)?|server at|host=)\s*["'`]?([a-z][a-z0-9.-]*[a-z0-9])/,
  )?.[1];
  const host = url ?? lookup ?? pair ?? dial ?? '';
  return isObjectName(host.replace(/:\d+$/, '')) ? host : '';
}

/** Service and namespace behind an in-cluster host name, or null for an address or an outside host. */
export function serviceOfHost(
  host: string,
  namespace: string,
): { namespace: string; name: string; port?: number } | null {
  const [bare = '', portText] = host.split(':');
  if (bare === '' || bare === 'localhost' || /^[\d.]+$/.test(bare)) return null;
  const parts = bare.split('.');
  const port = portText === undefined ? {} : { port: Number(portText) };
  if (parts.length === 1) return { namespace, name: bare, ...port };
  const inCluster = parts.length === 2 || parts[2] === 'svc';
  return inCluster && parts[0] !== undefined && parts[1] !== undefined
    ? { namespace: parts[1], name: parts[0], ...port }
    : null;
}

const MEMORY_WORD = 'heap|rss|memory|mem|alloc(?:ated)?|resident|cache';
const UNIT = 'Ki?B?|Mi?B?|Gi?B?|kB|bytes';
/** `heap=120MiB`, `heap used: 120 MB`, `memory at 1.2Gi`. */
const FIGURE_THEN_UNIT = new RegExp(
  `\\b(?:${MEMORY_WORD})[\\w ]*["']?\\s*(?:[:=]|is|at|now|grew to|used|size)?\\s*["']?(\\d+(?:\\.\\d+)?)\\s?(${UNIT})\\b`,
  'i',
);
/** `"heap_mib":120`, `rss_bytes=1048576`. */
const UNIT_IN_NAME = new RegExp(
  `\\b(?:${MEMORY_WORD})\\w*?_(${UNIT})["']?\\s*[:=]\\s*["']?(\\d+(?:\\.\\d+)?)\\b`,
  'i',
);

/** Memory figures that a log reports over time, in bytes; used to see growth before a kill. */
export function memorySeries(log: LogFact): { bytes: number; line: string }[] {
  return log.lines.flatMap((line) => {
    const named = line.match(UNIT_IN_NAME);
    const plain = line.match(FIGURE_THEN_UNIT);
    const [figure, unit] = named ? [named[2], named[1]] : [plain?.[1], plain?.[2]];
    if (figure === undefined || unit === undefined) return [];
    const letter = unit.charAt(0).toUpperCase();
    const bytes = parseMemoryBytes(letter === 'B' ? figure : `${figure}${letter}i`);
    return bytes === undefined ? [] : [{ bytes, line }];
  });
}

/** True when a series of at least three figures ends half again as high as it began and mostly rises. */
export function isGrowing(series: readonly { bytes: number }[]): boolean {
  const [first, last] = [series[0], series.at(-1)];
  if (series.length < 3 || first === undefined || last === undefined || last.bytes < first.bytes * 1.5)
    return false;
  const rises = series.slice(1).filter((point, index) => point.bytes >= (series[index]?.bytes ?? 0)).length;
  return rises >= (series.length - 1) * 0.7;
}

/** The port a log says it listens on, with the line. */
export function listeningPort(log: LogFact): { port: number; line: string } | null {
  for (const line of log.lines) {
    const match = line.match(
      /\b(?:listen(?:ing|s)?|serving|started|bound|server (?:up|running))\b[^\n]*?(?::|\bport[ =:]*)(\d{2,5})\b/i,
    );
    if (match) return { port: Number(match[1]), line };
  }
  return null;
}
