import { z } from 'zod';
import type { IncomingAlert } from '../../schema.ts';
import { asData, asIsoTime, givenLabels, makeAlert } from './make-alert.ts';

/** What Amazon SNS posts. Source: AWS, "Parsing Amazon SNS message formats". Texts are kept exactly: they are signed. */
export const snsSchema = z.looseObject({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation'], {
    error: () => 'the type of an SNS message (switch "raw message delivery" of the subscription off)',
  }),
  MessageId: z.string().min(1).max(200),
  TopicArn: z.string().min(1).max(1_000),
  Message: z.string(),
  Timestamp: z.string().min(1).max(100),
  SignatureVersion: z.enum(['1', '2'], { error: () => 'signature version 1 or 2' }),
  Signature: z.string().min(1).max(10_000),
  SigningCertURL: z.string().min(1).max(2_000),
  Subject: z.string().nullish(),
  SubscribeURL: z.string().max(5_000).nullish(),
  Token: z.string().nullish(),
});
export type SnsMessage = z.infer<typeof snsSchema>;

/** The alarm inside of a notification. Source: AWS, "Notifying users on alarm changes". */
export const alarmSchema = z.looseObject({
  AlarmName: z.string().min(1).max(1_000),
  AlarmArn: z.string().max(500).optional(),
  AlarmDescription: z.string().nullish(),
  AWSAccountId: z.string().optional(),
  Region: z.string().optional(),
  NewStateValue: z.string().min(1).max(100),
  OldStateValue: z.string().optional(),
  NewStateReason: z.string().nullish(),
  StateChangeTime: z.string().nullish(),
  Trigger: z
    .looseObject({
      Namespace: z.string().nullish(),
      MetricName: z.string().nullish(),
      Dimensions: z
        .array(z.looseObject({ name: z.string().optional(), value: z.string().optional() }))
        .nullish(),
    })
    .nullish(),
});

/** `INSUFFICIENT_DATA` is neither: it opens no problem and closes none. */
const STATUSES: Readonly<Record<string, IncomingAlert['status']>> = { ALARM: 'firing', OK: 'resolved' };

/** One notification is one alert, or none; the alarm's ARN identifies the problem. */
export function fromCloudwatch(alarm: z.infer<typeof alarmSchema>, messageId: string): IncomingAlert[] {
  const status = STATUSES[alarm.NewStateValue];
  if (!status) return [];
  const { Trigger: trigger } = alarm;
  const dimensions = (trigger?.Dimensions ?? []).map(({ name, value }) => [name ?? 'dimension', value]);
  return [
    makeAlert({
      source: 'cloudwatch',
      status,
      alertType: 'cloudwatch',
      title: [alarm.AlarmName, ...dimensions.map(([, value]) => value)].filter(Boolean).join(' · '),
      fingerprint:
        alarm.AlarmArn ?? [alarm.AWSAccountId, alarm.Region, alarm.AlarmName].filter(Boolean).join(':'),
      labels: givenLabels({
        ...Object.fromEntries(dimensions),
        alarm: alarm.AlarmName,
        region: alarm.Region,
        account: alarm.AWSAccountId,
        namespace: trigger?.Namespace,
        metric: trigger?.MetricName,
      }),
      annotations: givenLabels({ description: alarm.AlarmDescription, reason: alarm.NewStateReason }),
      data: asData(alarm),
      startsAt: asIsoTime(alarm.StateChangeTime),
      idempotencyKey: `cloudwatch:${messageId}`,
    }),
  ];
}
