import { z } from 'zod';
import { callHttp } from '../destination/call-http.ts';
import { DeliveryError } from '../destination/delivery-error.ts';

export type MattermostCall = <T>(
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  options: { answer: z.ZodType<T>; body?: object },
) => Promise<T>;

const refusalSchema = z.looseObject({ id: z.string().catch(''), message: z.string().catch('') });

/** Calls of REST API v4. What is not an answer of Mattermost (a proxy's page, say) leaves the outcome unknown. */
export function mattermostApi(
  { url, token }: { url: string; token: string },
  signal: AbortSignal,
): MattermostCall {
  const base = `${url.replace(/\/+$/, '')}/api/v4`;
  return async (method, path, { answer, body }) => {
    const text = await callHttp({
      service: 'Mattermost',
      method,
      url: `${base}${path}`,
      headers: { authorization: `Bearer ${token}` },
      signal,
      explain,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const parsed = answer.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    const message = 'Mattermost cannot be reached: something else answered at its address';
    throw new DeliveryError({ kind: 'unknown', message });
  };
}

/** Mattermost's words, with the id by which its documentation and `isOrphaned` know the error. */
function explain(text: string): string {
  const { id, message } = refusalSchema.catch({ id: '', message: '' }).parse(parseJson(text));
  return [message, id === '' ? '' : `(${id})`].filter((part) => part !== '').join(' ');
}

/** Whether a reply was refused because the message that it answers is gone. */
export const isOrphaned = (error: unknown): boolean =>
  error instanceof DeliveryError &&
  error.failure.kind === 'refused' &&
  error.failure.message.includes('root_id');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
