import { version } from '#src/server/version.ts';
import { callHttp } from '../destination/call-http.ts';
import type { Destination } from '../destination/destination.ts';
import { renderEvent } from './render-event.ts';
import { signRequest } from './sign-request.ts';

/** Any receiver of JSON. It cannot be asked what it has; by `Idempotency-Key` it can tell a repeat from a new event. */
export function openWebhook(
  settings: { url: string; secret?: string | undefined; headers: Readonly<Record<string, string>> },
  signal: AbortSignal,
): Destination {
  const { url, secret, headers } = settings;
  const target = new URL(url).host;
  return {
    type: 'webhook',
    target,
    async post(message, { notificationId: id }) {
      const body = JSON.stringify(renderEvent(message, id));
      await callHttp({
        service: target,
        method: 'POST',
        url,
        headers: {
          ...headers,
          'user-agent': `tars/${version}`,
          'idempotency-key': id,
          ...(secret === undefined ? {} : signRequest({ secret, id, at: new Date(), body })),
        },
        body,
        signal,
      });
      return { messageId: null };
    },
  };
}
