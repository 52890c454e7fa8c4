import { z } from 'zod';
import type { IncomingAlert } from '../../schema.ts';
import { asData, asIsoTime, givenLabels, makeAlert } from './make-alert.ts';
import { severityOf } from './severity-words.ts';

const id = z.union([z.string().min(1).max(200), z.number().transform(String)]);
const projectSchema = z
  .union([
    z.looseObject({ slug: z.string().optional(), name: z.string().optional() }),
    z.string(),
    z.number(),
  ])
  .nullish();

const eventSchema = z.looseObject({
  event_id: z.string().max(200).optional(),
  issue_id: id,
  title: z.string().nullish(),
  level: z.string().nullish(),
  culprit: z.string().nullish(),
  platform: z.string().nullish(),
  environment: z.string().nullish(),
  datetime: z.string().nullish(),
  web_url: z.string().nullish(),
  tags: z.array(z.tuple([z.string(), z.string().nullable()])).nullish(),
  exception: z.unknown().optional(),
});
const issueSchema = z.looseObject({
  id,
  title: z.string().nullish(),
  level: z.string().nullish(),
  culprit: z.string().nullish(),
  permalink: z.string().nullish(),
  web_url: z.string().nullish(),
  firstSeen: z.string().nullish(),
  project: projectSchema,
});
const metricAlertSchema = z.looseObject({
  id,
  title: z.string().nullish(),
  date_started: z.string().nullish(),
  alert_rule: z.looseObject({ name: z.string().nullish() }).nullish(),
});

/**
 * Sentry's integration webhooks. Source: Sentry's "Webhooks". What is in `data` tells the resource: `event` (an issue
 * alert), `error`, `issue`, `metric_alert`; installations and comments carry none of them.
 */
export const sentrySchema = z.looseObject({
  action: z.string().min(1).max(100),
  data: z.looseObject({
    event: eventSchema.optional(),
    error: eventSchema.optional(),
    issue: issueSchema.optional(),
    metric_alert: metricAlertSchema.optional(),
    triggered_rule: z.string().nullish(),
    description_title: z.string().nullish(),
    description_text: z.string().nullish(),
    web_url: z.string().nullish(),
  }),
});
type Sentry = z.infer<typeof sentrySchema>;

/** What people and Sentry do to an issue. Assigning it changes nothing; archiving says that it is none. */
const ISSUE_STATUSES: Readonly<Record<string, IncomingAlert['status']>> = {
  created: 'firing',
  unresolved: 'firing',
  resolved: 'resolved',
  archived: 'resolved',
  ignored: 'resolved',
};
const METRIC_STATUSES: Readonly<Record<string, IncomingAlert['status']>> = {
  open: 'firing',
  critical: 'firing',
  warning: 'firing',
  resolved: 'resolved',
};

/** One webhook is one alert, or none. The issue's id identifies the problem; of a metric alert, the incident's. */
export function fromSentry({ action, data }: Sentry): IncomingAlert[] {
  if (data.metric_alert) return fromMetricAlert(action, data, data.metric_alert);
  const event = data.event ?? data.error;
  if (event) return [fromEvent(event, data.triggered_rule ?? null)];
  return data.issue ? fromIssue(action, data.issue) : [];
}

function fromEvent(event: z.infer<typeof eventSchema>, rule: string | null): IncomingAlert {
  return makeAlert({
    source: 'sentry',
    status: 'firing',
    alertType: 'sentry',
    title: event.title ?? 'Sentry issue',
    severity: severityOf(event.level),
    fingerprint: event.issue_id,
    labels: givenLabels({
      ...Object.fromEntries(event.tags ?? []),
      environment: event.environment,
      platform: event.platform,
      rule,
    }),
    annotations: givenLabels({ url: event.web_url, culprit: event.culprit }),
    data: asData({
      rule,
      title: event.title,
      level: event.level,
      culprit: event.culprit,
      at: event.datetime,
      url: event.web_url,
      tags: event.tags,
      exception: event.exception,
      request: event.request,
      release: event.release,
    }),
    startsAt: asIsoTime(event.datetime),
    idempotencyKey: event.event_id ? `sentry:${event.event_id}` : null,
  });
}

function fromIssue(action: string, issue: z.infer<typeof issueSchema>): IncomingAlert[] {
  const status = ISSUE_STATUSES[action];
  if (!status) return [];
  const project =
    typeof issue.project === 'object' ? (issue.project?.slug ?? issue.project?.name) : issue.project;
  return [
    makeAlert({
      source: 'sentry',
      status,
      alertType: 'sentry',
      title: [issue.title ?? 'Sentry issue', project].filter(Boolean).join(' · '),
      severity: severityOf(issue.level),
      fingerprint: issue.id,
      labels: givenLabels({ project }),
      annotations: givenLabels({ url: issue.web_url ?? issue.permalink, culprit: issue.culprit }),
      data: asData({ action, issue }),
      startsAt: asIsoTime(issue.firstSeen),
    }),
  ];
}

function fromMetricAlert(
  action: string,
  data: Sentry['data'],
  metric: z.infer<typeof metricAlertSchema>,
): IncomingAlert[] {
  const status = METRIC_STATUSES[action];
  if (!status) return [];
  return [
    makeAlert({
      source: 'sentry',
      status,
      alertType: 'sentry',
      title: metric.title ?? metric.alert_rule?.name ?? data.description_title ?? 'Sentry metric alert',
      severity: status === 'firing' && action !== 'open' ? severityOf(action) : null,
      fingerprint: `metric_alert:${metric.id}`,
      labels: givenLabels({ rule: metric.alert_rule?.name }),
      annotations: givenLabels({ url: data.web_url, summary: data.description_text }),
      data: asData({ action, title: data.description_title, text: data.description_text, alert: metric }),
      startsAt: asIsoTime(metric.date_started),
    }),
  ];
}
