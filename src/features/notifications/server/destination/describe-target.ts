import type { DestinationConfig } from '#src/server/config/index.ts';

/** Where messages of a destination go, for people: of an address only the host, since the rest may be a key. */
export function describeTarget(settings: DestinationConfig): string {
  switch (settings.type) {
    case 'slack':
    case 'mattermost':
      return settings.channel;
    case 'teams':
    case 'webhook':
      return settings.url === undefined ? '' : new URL(settings.url).host;
  }
}
