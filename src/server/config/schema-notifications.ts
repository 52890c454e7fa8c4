import { z } from 'zod';
import { flag, httpUrl, nonEmptyText, optionalSecret } from './value-schemas.ts';

/** What a message may be filled with, by kind of message. */
export const NOTIFICATION_PLACEHOLDERS = {
  started: ['title', 'severity', 'alertType', 'details', 'link'],
  ended: [
    'title',
    'severity',
    'alertType',
    'details',
    'link',
    'icon',
    'status',
    'summary',
    'duration',
    'cost',
  ],
  approval: [
    'title',
    'severity',
    'alertType',
    'details',
    'link',
    'request',
    'tool',
    'arguments',
    'why',
    'expires',
  ],
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

export const notificationsSchema = z.strictObject({
  /** Whether messages show the names that `masking.identifiers` hides from models. */
  revealIdentifiers: flag.default(false),
  slack: z
    .strictObject({
      enabled: flag.default(true),
      channel: nonEmptyText,
      token: optionalSecret,
      apiUrl: httpUrl.default('https://slack.com/api'),
      templates: z
        .strictObject({
          started: template('started').optional(),
          ended: template('ended').optional(),
          approval: template('approval').optional(),
        })
        .prefault({}),
    })
    .optional(),
});

export type NotificationsConfig = z.infer<typeof notificationsSchema>;
export type SlackConfig = NonNullable<NotificationsConfig['slack']>;
