import { z } from 'zod';
import { entryName, flag, httpUrl, nonEmptyText, optionalSecret } from './value-schemas.ts';

/** What a destination may be told of. `approvalRequested` is every request that waits for a person, a question too. */
export const NOTIFICATION_EVENTS = ['started', 'ended', 'approvalRequested', 'approvalDecided'] as const;
export type NotificationEvent = (typeof NOTIFICATION_EVENTS)[number];

const ALWAYS = ['title', 'severity', 'alertType', 'details', 'link'] as const;
const REQUEST = ['request', 'tool', 'arguments', 'why'] as const;

/** What a message may be filled with, by kind of message. */
export const NOTIFICATION_PLACEHOLDERS = {
  started: ALWAYS,
  ended: [...ALWAYS, 'icon', 'status', 'summary', 'duration', 'cost'],
  approval: [...ALWAYS, ...REQUEST, 'expires', 'decide'],
  decision: [...ALWAYS, ...REQUEST, 'icon', 'outcome', 'reason', 'decided'],
} as const;

export type MessageKind = keyof typeof NOTIFICATION_PLACEHOLDERS;

export const PLACEHOLDER = /\{\{\s*([A-Za-z]+)\s*\}\}/g;

/** Text with `{{placeholders}}`; an unknown one is an error that names the known ones. */
function template(kind: MessageKind) {
  const known: readonly string[] = NOTIFICATION_PLACEHOLDERS[kind];
  return nonEmptyText.refine(
    (text) => [...text.matchAll(PLACEHOLDER)].every(([, name]) => known.includes(name ?? '')),
    { error: () => `text whose placeholders are among ${known.map((name) => `{{${name}}}`).join(' ')}` },
  );
}

const templatesSchema = z.strictObject({
  started: template('started').optional(),
  ended: template('ended').optional(),
  approval: template('approval').optional(),
  decision: template('decision').optional(),
});
export type MessageTemplates = z.infer<typeof templatesSchema>;

/** Text of a variable that may be unset, else an address. It often carries a key, so it counts as a secret. */
const secretAddress = optionalSecret.refine(
  (text) => text === undefined || httpUrl.safeParse(text).success,
  'an http or https address',
);

/** What of all that happens a destination is told, and how plainly; absent means everything. */
const filters = {
  enabled: flag.default(true),
  events: z
    .array(z.enum(NOTIFICATION_EVENTS, { error: () => `one of ${NOTIFICATION_EVENTS.join(', ')}` }))
    .min(1, 'at least one event')
    .optional(),
  projects: z.array(nonEmptyText).optional(),
  severities: z.array(nonEmptyText).optional(),
  alertTypes: z.array(nonEmptyText).optional(),
  /** Absent: as `notifications.revealIdentifiers` says. */
  revealIdentifiers: flag.optional(),
};

const slackSettings = {
  channel: nonEmptyText,
  token: optionalSecret,
  apiUrl: httpUrl.default('https://slack.com/api'),
  templates: templatesSchema.prefault({}),
};

const CHANNEL_OF_MATTERMOST = 'the id of a channel (26 characters), or team/channel';

const destinationSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('slack'), ...filters, ...slackSettings }),
  z.strictObject({
    type: z.literal('mattermost'),
    ...filters,
    url: httpUrl,
    token: optionalSecret,
    channel: nonEmptyText.regex(/^(?:[a-z0-9]{26}|[a-z0-9-]+\/[a-z0-9._-]+)$/, CHANNEL_OF_MATTERMOST),
    templates: templatesSchema.prefault({}),
  }),
  z.strictObject({ type: z.literal('teams'), ...filters, url: secretAddress }),
  z.strictObject({
    type: z.literal('webhook'),
    ...filters,
    url: secretAddress,
    secret: optionalSecret,
    headers: z.record(nonEmptyText, z.string()).default({}),
  }),
]);
export type DestinationConfig = z.infer<typeof destinationSchema>;
export type DestinationType = DestinationConfig['type'];

export const notificationsSchema = z.strictObject({
  /** Whether messages show the names that `masking.identifiers` hides from models. */
  revealIdentifiers: flag.default(false),
  /** The destination with the name `slack`. */
  slack: z.strictObject({ ...filters, ...slackSettings }).optional(),
  destinations: z.record(entryName, destinationSchema).default({}),
});

export type NotificationsConfig = z.infer<typeof notificationsSchema>;
