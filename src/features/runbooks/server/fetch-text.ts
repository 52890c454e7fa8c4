import { setTimeout as pause } from 'node:timers/promises';
import { findHostProblem } from './check-host.ts';
import { type FetchPlan, RAW } from './plan-fetch.ts';
import { RunbookError } from './runbook-error.ts';
import {
  FETCH_DEADLINE_MS,
  MAX_REDIRECTS,
  MAX_RETRIES,
  REQUEST_TIMEOUT_MS,
  RETRY_AFTER_MAX_MS,
  RETRY_BASE_DELAY_MS,
} from './tunables.ts';

export type FetchedText = { text: string; etag: string | null } | 'unchanged';

export type FetchTextOptions = {
  plan: FetchPlan;
  allowedDomains: readonly string[];
  maxBytes: number;
  /** Of the copy that we have: the host then may say that it is still current. */
  etag: string | null;
  signal: AbortSignal;
  /** Milliseconds for one request, and for all tries together. */
  limits?: { requestMs: number; totalMs: number };
};

const usualLimits = { requestMs: REQUEST_TIMEOUT_MS, totalMs: FETCH_DEADLINE_MS };

/** A failure that a repeat may mend. */
class PassingError extends RunbookError {
  readonly retryAfterMs: number | undefined;
  constructor(message: string, options: { retryAfterMs?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * Reads a text document over http(s), bounded in size, time and tries. Every address on the way, redirects included, is
 * on the allow-list (or the plan's own trusted host); credentials stay with the host they are meant for.
 * @throws RunbookError in words; the signal's reason when that aborts
 */
export async function fetchText(options: FetchTextOptions): Promise<FetchedText> {
  const deadline = AbortSignal.timeout((options.limits ?? usualLimits).totalMs);
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await followRedirects({ ...options, signal: AbortSignal.any([options.signal, deadline]) });
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof PassingError) || attempt >= MAX_RETRIES || deadline.aborted) throw error;
      const ceilingMs = RETRY_BASE_DELAY_MS * 2 ** attempt;
      const delayMs = error.retryAfterMs ?? Math.round(ceilingMs * (0.5 + Math.random() / 2));
      if (delayMs > RETRY_AFTER_MAX_MS) throw error;
      await pause(delayMs, undefined, { signal: options.signal });
    }
  }
}

async function followRedirects(options: FetchTextOptions): Promise<FetchedText> {
  const { plan, allowedDomains } = options;
  const first = new URL(plan.url);
  let url = first;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const problem = url.host === plan.trustedHost ? null : findHostProblem(url, allowedDomains);
    if (problem)
      throw new RunbookError(
        hop === 0 ? `${shown(url)} ${problem}` : `it leads to ${shown(url)}, which ${problem}`,
      );
    const response = await request(url, url.origin === first.origin ? plan.headers : {}, options);
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || response.status === 304 || location === null) {
      return readResponse(url, response, options);
    }
    await response.body?.cancel();
    if (!URL.canParse(location, url))
      throw new RunbookError(`${shown(url)} leads to something that is no address`);
    url = new URL(location, url);
  }
  throw new RunbookError(`${shown(first)} leads on more than ${MAX_REDIRECTS} times`);
}

/** Without its query, which may hold a secret: the text goes to logs and pages. */
const shown = (url: URL): string => `${url.origin}${url.pathname}`;

async function request(
  url: URL,
  headers: Record<string, string>,
  { etag, signal, limits = usualLimits }: FetchTextOptions,
): Promise<Response> {
  try {
    return await fetch(url, {
      headers: { 'user-agent': 'tars', ...headers, ...(etag === null ? {} : { 'if-none-match': etag }) },
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(limits.requestMs)]),
    });
  } catch (cause) {
    throw unreachable(url, cause);
  }
}

function unreachable(url: URL, cause: unknown): PassingError {
  if (cause instanceof Error && (cause.name === 'TimeoutError' || cause.name === 'AbortError')) {
    return new PassingError(`${url.host} did not answer in time`, { cause });
  }
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code =
    typeof inner === 'object' && inner !== null && 'code' in inner ? ` (${String(inner.code)})` : '';
  return new PassingError(`${url.host} cannot be reached${code}`, { cause });
}

async function readResponse(url: URL, response: Response, options: FetchTextOptions): Promise<FetchedText> {
  const { status } = response;
  if (status === 304 && options.etag !== null) return 'unchanged';
  if (status !== 200) {
    await response.body?.cancel();
    const message = `${shown(url)} answered ${status}${response.statusText ? ` ${response.statusText}` : ''}`;
    const limit = describeRateLimit(response.headers);
    if (limit) throw new RunbookError(`${message}: ${limit}`);
    const isLimited = status === 429 || (status === 403 && response.headers.has('retry-after'));
    if (!isLimited && status < 500) throw new RunbookError(message);
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    throw new PassingError(message, {
      retryAfterMs: Number.isFinite(seconds) ? seconds * 1_000 : undefined,
    });
  }
  const type = response.headers.get('content-type') ?? '';
  if (/^(text\/html|application\/xhtml)/i.test(type)) {
    await response.body?.cancel();
    throw new RunbookError(`${shown(url)} is a web page; the address of its text (Markdown) is needed`);
  }
  if (options.plan.headers.accept === RAW && /^application\/json\b/i.test(type)) {
    await response.body?.cancel();
    throw new RunbookError(`${shown(url)} is a folder, not a file`);
  }
  const bytes = await readBytes(url, response, options.maxBytes);
  if (bytes.includes(0)) throw new RunbookError(`${shown(url)} is not a text`);
  return { text: bytes.toString('utf8').replace(/^\ufeff/, ''), etag: response.headers.get('etag') };
}

/** GitHub says 403 or 429 when its limit is used up, which a repeat within seconds does not mend. */
function describeRateLimit(headers: Headers): string | null {
  if (headers.get('x-ratelimit-remaining') !== '0') return null;
  const resetAt = new Date(Number(headers.get('x-ratelimit-reset') ?? Number.NaN) * 1_000);
  const until = Number.isNaN(resetAt.getTime())
    ? ''
    : ` until ${resetAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `its rate limit is used up${until} (runbooks.token raises it)`;
}

async function readBytes(url: URL, response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > maxBytes)
        throw new RunbookError(`${shown(url)} is larger than ${Math.floor(maxBytes / 1024)} KB`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof RunbookError ? error : unreachable(url, error);
  }
  return Buffer.concat(chunks);
}
