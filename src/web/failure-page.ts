import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorCode } from '#src/server/errors.ts';
import { newNonce } from './security-headers.ts';
import { FAILURE_PAGE_LOOK_MS } from './tunables.ts';

type Failure = { status: number; code: ErrorCode; message: string; requestId: string };
type Page = { status: number; body: string; headers: Record<string, string> };

/** Whether a person's browser opens a page, as opposed to a program, a file, or data of a page. */
export const opensPage = (req: IncomingMessage): boolean =>
  req.method === 'GET' &&
  (req.headers.accept ?? '').includes('text/html') &&
  !(req.url ?? '').startsWith('/api/');

/** For people, where a program would read JSON. It stands alone: what renders pages may be what has failed. */
export function failurePage({ status, code, message, requestId }: Failure): Page {
  const passes = code === 'unavailable';
  const [title, text] = passes
    ? ['TARS is not available right now', `${message} This page comes back by itself.`]
    : code === 'internal'
      ? ['This page failed', 'Investigations go on; only the view is affected.']
      : ['That did not work', message];
  const nonce = newNonce();
  const body = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">
<title>${escapeHtml(title)} · TARS</title><style>${STYLE}</style></head>
<body><main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p>
<p class="ways"><a class="first" href="">Try again</a><a href="/">Start page</a></p>
<p class="dim">Reference ${escapeHtml(requestId)}</p></main>${passes ? `<script nonce="${nonce}">${COME_BACK}</script>` : ''}</body></html>`;
  return {
    status,
    body,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': [
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ...(passes ? [`script-src 'nonce-${nonce}'; connect-src 'self'`] : []),
      ].join('; '),
    },
  };
}

/**
 * A renderer that cannot even render its error page answers with bare words. A person gets `page` instead; everything else
 * that it answers goes through as it is. Head and body are two steps: what compresses answers sends them apart.
 */
export function replaceBareFailure(res: ServerResponse, page: () => Page): void {
  const { writeHead, write, end } = res;
  let instead: Page | null = null;
  res.writeHead = (status: number, ...rest: unknown[]) => {
    if (!isBareFailure(res, status, rest)) return Reflect.apply(writeHead, res, [status, ...rest]);
    instead = page();
    for (const name of ['content-encoding', 'transfer-encoding', 'etag']) res.removeHeader(name);
    const length = String(Buffer.byteLength(instead.body));
    const headers = { ...instead.headers, 'cache-control': 'no-store', 'content-length': length };
    return Reflect.apply(writeHead, res, [instead.status, headers]);
  };
  res.write = (...args: unknown[]) => (instead ? true : Reflect.apply(write, res, args));
  res.end = (...args: unknown[]) => {
    if (isBareFailure(res, res.statusCode)) res.writeHead(res.statusCode);
    return Reflect.apply(end, res, instead ? [instead.body] : args);
  };
}

function isBareFailure(res: ServerResponse, status: number, given: unknown[] = []): boolean {
  const type = [res.getHeader('content-type'), JSON.stringify(given)].join(' ');
  return !res.headersSent && status >= 500 && !type.includes('text/html');
}

const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Not a refresh by the clock, which takes the page away from whoever is reading it, or having it read to them. */
const COME_BACK = `setInterval(()=>fetch('/api/health').then((r)=>{if(r.ok)location.reload()},()=>{}),${FAILURE_PAGE_LOOK_MS})`;

/** The colours of the pages (`globals.css`), which are not there to be linked to. */
const STYLE = `
:root{--bg:oklch(.985 .002 255);--text:oklch(.235 .016 258);--dim:oklch(.475 .018 257);--line:oklch(.62 .014 255);--accent:oklch(.5 .19 262);--on:oklch(.985 .004 262)}
@media(prefers-color-scheme:dark){:root{--bg:oklch(.173 .009 260);--text:oklch(.925 .006 258);--dim:oklch(.72 .014 258);--line:oklch(.55 .016 260);--accent:oklch(.745 .125 262);--on:oklch(.18 .03 262)}}
body{margin:0;min-height:100dvh;display:grid;place-items:center;background:var(--bg);color:var(--text);font:14px/1.5 system-ui,sans-serif}
main{max-width:28rem;padding:1rem;text-align:center;overflow-wrap:anywhere}
h1{font-size:1rem;margin:0 0 .25rem}p{margin:0 0 1rem}.dim{color:var(--dim);font-size:12px}
.ways{display:flex;gap:.5rem;justify-content:center}
a{border:1px solid var(--line);border-radius:6px;padding:.3rem .75rem;color:inherit;text-decoration:none;font-weight:500}
a.first{background:var(--accent);border-color:var(--accent);color:var(--on)}
a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}`;
