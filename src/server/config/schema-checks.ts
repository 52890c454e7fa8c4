import { z } from 'zod';
import { whyNoSchedule } from '#src/lib/check-schedule.ts';
import { mcpServerSelectionSchema, nativeToolsSchema } from './schema-agents.ts';
import { entryName, flag, nonEmptyText, runbookReference } from './value-schemas.ts';

const NOTIFY_RULES = ['findings', 'always', 'never'] as const;

/** What TARS looks at by itself, and when. */
export const checkSchema = z
  .strictObject({
    /** Five cron fields: minute, hour, day of month, month, day of week. */
    schedule: nonEmptyText,
    timezone: nonEmptyText.default('UTC'),
    /** The project's slug. */
    project: z
      .string()
      .regex(
        /^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$/,
        'the slug of a project: lower-case letters, digits and "-"',
      )
      .default('default'),
    alertType: nonEmptyText.optional(),
    chain: entryName.optional(),
    title: nonEmptyText.max(500, 'at most 500 characters').optional(),
    severity: nonEmptyText.max(50, 'at most 50 characters').default('info'),
    /** What to look at, in words: what the agents read as the alert. */
    question: nonEmptyText.max(20_000, 'at most 20000 characters'),
    labels: z.record(z.string().min(1).max(300), nonEmptyText.max(10_000)).default({}),
    enabled: flag.default(true),
    notify: z.enum(NOTIFY_RULES, { error: () => `one of ${NOTIFY_RULES.join(', ')}` }).default('findings'),
    runbook: runbookReference.optional(),
    /** As an alert's own selection: replaces the servers of the chain. */
    mcp: z
      .strictObject({
        servers: z
          .array(mcpServerSelectionSchema)
          .min(1, 'at least one server, or leave the key out')
          .optional(),
        nativeTools: nativeToolsSchema.optional(),
      })
      .optional(),
  })
  .superRefine((check, context) => {
    const why = whyNoSchedule(check);
    if (why) context.addIssue({ code: 'custom', path: [why.field], message: why.expected });
    if (check.alertType !== undefined && check.chain !== undefined)
      context.addIssue({ code: 'custom', path: ['chain'], message: 'an alertType or a chain, not both' });
  });

export type CheckConfig = z.infer<typeof checkSchema>;
export type NotifyRule = (typeof NOTIFY_RULES)[number];
