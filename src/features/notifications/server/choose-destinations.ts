import { type DestinationConfig, missingSetting } from '#src/server/config/index.ts';
import type { NotificationEvent } from '#src/server/config/schema-notifications.ts';

/** What of an event its destinations are chosen by. */
export type Subject = {
  event: NotificationEvent;
  /** Its slug. */
  project: string;
  severity: string | null;
  alertType: string;
};

/** The names of the destinations that shall be told. Pure. */
export const chooseDestinations = (
  destinations: readonly (readonly [name: string, settings: DestinationConfig])[],
  subject: Subject,
): string[] => destinations.filter(([, settings]) => wants(settings, subject)).map(([name]) => name);

function wants(settings: DestinationConfig, { event, project, severity, alertType }: Subject): boolean {
  const { enabled, events, projects, severities, alertTypes } = settings;
  return (
    enabled &&
    missingSetting(settings) === null &&
    (events?.includes(event) ?? true) &&
    (projects?.includes(project) ?? true) &&
    (alertTypes?.includes(alertType) ?? true) &&
    (severities === undefined || (severity !== null && severities.map(fold).includes(fold(severity))))
  );
}

/** Sources write `critical` and `Critical`. */
const fold = (severity: string): string => severity.trim().toLowerCase();
