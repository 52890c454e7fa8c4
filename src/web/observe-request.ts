import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Kernel } from '#src/server/kernel.ts';

/** Routes whose every call would drown the log: files of the pages, probes, scrapes. */
const QUIET_ROUTES = new Set(['/_next/*', '/api/health', '/api/health/live', '/api/metrics']);
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Counts and logs a request that is over. The address itself is not logged: queries and login links are private. */
export function observeRequest(
  kernel: Kernel,
  done: { req: IncomingMessage; res: ServerResponse; route: string; durationMs: number },
): void {
  const { req, res, route, durationMs } = done;
  // Anything may be sent as a method; labels must stay few.
  const method = METHODS.has(req.method ?? '') ? (req.method ?? '') : 'OTHER';
  const status = res.writableFinished ? res.statusCode : 499;
  kernel.metrics.httpRequests.inc({ route, method, status: String(status) });
  kernel.metrics.httpDuration.observe({ route, method }, durationMs / 1000);
  const level = QUIET_ROUTES.has(route) ? 'debug' : 'info';
  kernel.log[level]({ method, route, status, durationMs: Math.round(durationMs * 10) / 10 }, 'request');
}
