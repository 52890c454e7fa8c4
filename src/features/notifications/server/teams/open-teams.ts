import { callHttp } from '../destination/call-http.ts';
import type { Destination } from '../destination/destination.ts';
import { renderCard } from './render-card.ts';

/**
 * The webhook of a Workflow (Power Automate), which posts a card. It answers before it has posted, gives no id and cannot be
 * asked: there are no threads, nothing is edited, and after a lost answer a message is sent again.
 */
export function openTeams({ url }: { url: string }, signal: AbortSignal): Destination {
  return {
    type: 'teams',
    target: new URL(url).host,
    async post(message) {
      const body = JSON.stringify(renderCard(message));
      await callHttp({ service: 'Teams', method: 'POST', url, body, signal });
      return { messageId: null };
    },
  };
}
