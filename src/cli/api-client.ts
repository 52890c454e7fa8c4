import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Env } from '#src/server/env.ts';
import { errorMessage } from '#src/server/errors.ts';
import { CommandError } from './cli-error.ts';
import { REQUEST_RETRIES, REQUEST_TIMEOUT_MS, RETRY_FIRST_DELAY_MS, RETRY_MAX_DELAY_MS } from './tunables.ts';

export type ApiClient = {
  readonly url: string;
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>;
  /** Retried only when the server said that it took nothing (429, 503) or was never reached. */
  post<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T>;
};

const failureSchema = z.object({
  error: z.object({
    message: z.string(),
    fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
});

/** The REST API below `/api/v1` with a key. Every failure is a `CommandError` that says what to do. */
export function createApiClient(options: { url: string; key: string; timeoutMs?: number }): ApiClient {
  const url = options.url.replace(/\/+$/, '');
  const send = async <T>(
    method: 'GET' | 'POST',
    path: string,
    body: unknown,
    schema: z.ZodType<T>,
  ): Promise<T> => {
    const response = await request(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${options.key}`,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      timeoutMs: options.timeoutMs ?? REQUEST_TIMEOUT_MS,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw new CommandError(describeRefusal(response.status, answer, url));
    const parsed = schema.safeParse(answer);
    if (!parsed.success)
      throw new CommandError(`${url} gave an answer that this version does not understand (${path}).`);
    return parsed.data;
  };
  return {
    url,
    get: (path, schema) => send('GET', path, undefined, schema),
    post: (path, body, schema) => send('POST', path, body, schema),
  };
}

type RequestOptions = {
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
  timeoutMs: number;
};

async function request(address: string, { timeoutMs, ...init }: RequestOptions): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    const isLast = attempt >= REQUEST_RETRIES;
    const pauseMs = RETRY_FIRST_DELAY_MS * 2 ** attempt;
    try {
      const response = await fetch(address, { ...init, signal: AbortSignal.timeout(timeoutMs) });
      if (isLast || !(response.status === 429 || response.status === 503)) return response;
      await response.body?.cancel();
      const askedMs = Number(response.headers.get('retry-after') ?? 0) * 1_000;
      await sleep(Math.min(RETRY_MAX_DELAY_MS, Math.max(pauseMs, askedMs)));
    } catch (error) {
      const wasNeverReached = causeCode(error) === 'ECONNREFUSED';
      if (isLast || !(wasNeverReached || init.method === 'GET')) {
        throw new CommandError(
          `${new URL(address).origin} cannot be reached (${describeFailure(error)}). Is TARS running there?`,
        );
      }
      await sleep(pauseMs);
    }
  }
}

const causeCode = (error: unknown): string | undefined => {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
};

const describeFailure = (error: unknown): string => {
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer in time';
  return causeCode(error) ?? errorMessage(error);
};

function describeRefusal(status: number, answer: unknown, url: string): string {
  const parsed = failureSchema.safeParse(answer);
  if (!parsed.success) return `${url} answered ${status}; is that address TARS?`;
  const { message, fields } = parsed.data.error;
  const details = (fields ?? []).map((field) => `${field.path}: ${field.message}`).join('; ');
  return `${message}${details ? ` ${details}` : ''} (${status})`;
}

/** The key to use: the one given, `TARS_API_KEY`, or the one the demo left in the data directory. */
export async function findApiKey(env: Env, given: string | undefined): Promise<string> {
  const named = given ?? env.variables.TARS_API_KEY;
  if (named) return named;
  for (const path of [join(env.dataDir, 'demo-api-key'), join(env.dataDir, 'demo', 'demo-api-key')]) {
    const stored = await readFile(path, 'utf8').catch(() => undefined);
    if (stored) return stored.trim();
  }
  throw new CommandError(
    'No API key: give --key or TARS_API_KEY. Make one with: tars key create --name cli --scope operator',
  );
}
