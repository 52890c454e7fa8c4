import { headOf } from '#src/lib/storable-text.ts';
import { ANSWER_MAX_BYTES, POST_TIMEOUT_MS, SAID_MAX_CHARS } from '../tunables.ts';
import { classifyAnswer } from './classify-answer.ts';
import { DeliveryError, unansweredCall } from './delivery-error.ts';

export type HttpCall = {
  /** Who is called, in words: for errors. */
  service: string;
  method: 'GET' | 'POST' | 'PUT';
  url: string;
  headers?: Record<string, string>;
  body?: string;
  signal: AbortSignal;
  /** The reason in the body of a refusal. */
  explain?: (body: string) => string;
};

/** One call, tried once, within its time; the queue repeats. Returns the body of a 2xx answer, else throws a `DeliveryError`. */
export async function callHttp(call: HttpCall): Promise<string> {
  const { service, method, url, headers = {}, body, signal, explain = () => '' } = call;
  let status: number;
  let retryAfter: string | null;
  let text: string;
  try {
    const answer = await fetch(url, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(POST_TIMEOUT_MS)]),
      ...(body === undefined ? {} : { body }),
    });
    status = answer.status;
    retryAfter = answer.headers.get('retry-after');
    text = await readBody(answer);
  } catch (error) {
    throw new DeliveryError(unansweredCall(service, error), { cause: error });
  }
  if (status >= 200 && status < 300) return text;
  const said = headOf(explain(text).replace(/\s+/g, ' ').trim(), SAID_MAX_CHARS);
  throw new DeliveryError(classifyAnswer({ service, status, retryAfter, said, nowMs: Date.now() }));
}

/** As much of an answer as is of use; the rest is not waited for. */
async function readBody(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    text += decoder.decode(chunk, { stream: true });
    if (bytes > ANSWER_MAX_BYTES) break;
  }
  return text;
}
