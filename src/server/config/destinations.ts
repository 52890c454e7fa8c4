import type { DestinationConfig, NotificationsConfig } from './schema-notifications.ts';

/** Every destination by name, with the one under `notifications.slack` among them. */
export const listDestinations = ({
  slack,
  destinations,
}: NotificationsConfig): [name: string, settings: DestinationConfig][] => [
  ...(slack ? [['slack', { type: 'slack', ...slack }] satisfies [string, DestinationConfig]] : []),
  ...Object.entries(destinations),
];

/** Where a destination's own settings stand, for messages to people. */
export const destinationPath = (name: string): string =>
  name === 'slack' ? 'notifications.slack' : `notifications.destinations.${name}`;

/** The setting without which nothing can be sent; null when it is there. */
export function missingSetting(settings: DestinationConfig): 'token' | 'url' | null {
  switch (settings.type) {
    case 'slack':
    case 'mattermost':
      return settings.token === undefined ? 'token' : null;
    case 'teams':
    case 'webhook':
      return settings.url === undefined ? 'url' : null;
  }
}

/** What nobody may see of them. The addresses of Teams and of webhooks often carry a key. */
export function destinationSecrets(settings: DestinationConfig): string[] {
  switch (settings.type) {
    case 'slack':
    case 'mattermost':
      return settings.token === undefined ? [] : [settings.token];
    case 'teams':
      return settings.url === undefined ? [] : [settings.url];
    case 'webhook':
      return [settings.url, settings.secret, ...Object.values(settings.headers)].filter(
        (value) => value !== undefined,
      );
  }
}

/** Remarks on destinations that are switched on and cannot do what they seem to be meant for. */
export const destinationWarnings = (notifications: NotificationsConfig): string[] =>
  listDestinations(notifications).flatMap(([name, settings]) => {
    if (!settings.enabled) return [];
    const missing = missingSetting(settings);
    if (missing !== null) return [`${destinationPath(name)}: no ${missing}; nothing is posted`];
    return settings.type === 'webhook' && settings.secret === undefined
      ? [`${destinationPath(name)}: no secret; its requests are not signed`]
      : [];
  });
