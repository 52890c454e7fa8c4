import type { DestinationConfig } from '#src/server/config/index.ts';
import { openMattermost } from '../mattermost/open-mattermost.ts';
import { openSlack } from '../slack/open-slack.ts';
import { openTeams } from '../teams/open-teams.ts';
import { openWebhook } from '../webhook/open-webhook.ts';
import type { Destination } from './destination.ts';

/** A destination for as long as `signal` lets it; null where it is switched off or lacks what it needs. */
export function openDestination(settings: DestinationConfig, signal: AbortSignal): Destination | null {
  if (!settings.enabled) return null;
  switch (settings.type) {
    case 'slack':
      return settings.token === undefined ? null : openSlack({ ...settings, token: settings.token }, signal);
    case 'mattermost':
      return settings.token === undefined
        ? null
        : openMattermost({ ...settings, token: settings.token }, signal);
    case 'teams':
      return settings.url === undefined ? null : openTeams({ url: settings.url }, signal);
    case 'webhook':
      return settings.url === undefined ? null : openWebhook({ ...settings, url: settings.url }, signal);
  }
}
