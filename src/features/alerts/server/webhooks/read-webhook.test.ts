import { describe, expect, test } from 'vitest';
import { AppError } from '#src/server/errors.ts';
import * as sent from '#test/webhooks/payloads.ts';
import type { SecretSource } from './check-signature.ts';
import { alarmSchema, fromCloudwatch } from './cloudwatch.ts';
import { readWebhook } from './read-webhook.ts';
import { severityOf } from './severity-words.ts';

/** status, fingerprint, severity of each alert. */
const read = (source: SecretSource, body: unknown) =>
  readWebhook(source, body).map(({ status, fingerprint, severity }) => [status, fingerprint, severity]);
const first = (source: SecretSource, body: unknown) => {
  const [alert] = readWebhook(source, body);
  if (!alert) throw new Error('no alert');
  return alert;
};

describe('Grafana', () => {
  test('each alert of a payload, firing and resolved', () => {
    const payload = sent.grafana({}, { status: 'resolved', fingerprint: 'b' });
    expect(read('grafana', payload)).toEqual([
      ['firing', 'c6eadffa33fcdf37', 'critical'],
      ['resolved', 'b', 'critical'],
    ]);
    expect(first('grafana', payload)).toMatchObject({
      source: 'grafana',
      alertType: 'HighLatency',
      title: 'HighLatency · shop/checkout',
      startsAt: '2026-11-20T10:32:00.000Z',
      annotations: { runbook_url: 'https://books.example/latency' },
    });
    expect(first('grafana', payload).data).toContain('2.41');
  });

  test('no values, and fields of a later version', () => {
    const [alert] = sent.grafana({}).alerts;
    expect(
      read('grafana', { alerts: [{ ...alert, values: null, later: { a: 1 } }], later: true }),
    ).toHaveLength(1);
  });
});

describe('PagerDuty', () => {
  test.each([
    ['incident.triggered', 'firing'],
    ['incident.reopened', 'firing'],
    ['incident.resolved', 'resolved'],
  ])('%s is %s', (type, status) => {
    expect(read('pagerduty', sent.pagerduty(type))).toEqual([[status, 'PGR0VU2', 'critical']]);
  });

  test.each([
    ['an acknowledgement', sent.pagerduty('incident.acknowledged')],
    ['a note', sent.pagerdutyNote],
    ['a ping', sent.pagerdutyPing],
    ['a service', sent.pagerduty('service.updated', { data: { id: 'PF9KMXH', type: 'service' } })],
  ])('%s is no alert', (_what, payload) => {
    expect(readWebhook('pagerduty', payload)).toEqual([]);
  });

  test('its title names the service, its key the event', () => {
    expect(first('pagerduty', sent.pagerduty())).toMatchObject({
      title: 'Checkout answers 5xx · Checkout API',
      idempotencyKey: 'pagerduty:01BRB6ZP4M6T8ZG4X6BP63ZB9O',
      labels: { service: 'Checkout API', priority: 'P1', incident_number: '2' },
      startsAt: '2026-11-20T10:16:27.000Z',
    });
  });

  test('without a priority the urgency counts', () => {
    const data = { id: 'PX', type: 'incident', title: 'x', urgency: 'low', priority: null };
    expect(read('pagerduty', sent.pagerduty('incident.triggered', { data }))).toEqual([
      ['firing', 'PX', 'low'],
    ]);
  });
});

describe('Datadog', () => {
  const monitor = '148275309:9bd4ac313a4d1e8fae2482df7b77628';
  test.each([
    ['Triggered', 'firing', 'high'],
    ['Re-Triggered', 'firing', 'high'],
    ['Warn', 'firing', 'warning'],
    ['No Data', 'firing', 'high'],
    ['Recovered', 'resolved', 'high'],
  ])('%s is %s', (alert_transition, status, severity) => {
    expect(read('datadog', sent.datadog({ alert_transition }))).toEqual([[status, monitor, severity]]);
  });

  test('tags are labels, the title says where', () => {
    expect(first('datadog', sent.datadog())).toMatchObject({
      title: 'CPU is high · host:web-1',
      labels: { env: 'prod', service: 'shop', monitor: 'true', monitor_id: '148275309', host: 'web-1' },
      startsAt: '2026-11-20T10:16:02.000Z',
    });
  });

  test('group by scope where there is no aggregation key; numbers without quotes', () => {
    const payload = sent.datadog({ alert_id: 148275309, aggreg_key: '$AGGREG_KEY' });
    expect(first('datadog', payload).fingerprint).toBe('148275309:host:web-1');
  });

  test("Datadog's default payload: the title is all there is, and one problem from trigger to recovery", () => {
    const payload = (title: string) => ({
      id: '1',
      event_type: 'query_alert_monitor',
      title,
      body: '',
      org: {},
    });
    expect(read('datadog', payload('[Triggered on {host:a}] CPU is high'))).toEqual([
      ['firing', 'CPU is high', null],
    ]);
    expect(read('datadog', payload('[Recovered on {host:a}] CPU is high'))).toEqual([
      ['resolved', 'CPU is high', null],
    ]);
  });
});

describe('CloudWatch', () => {
  const readAlarm = (state: string) => fromCloudwatch(alarmSchema.parse(sent.alarm(state)), 'm-1');
  test.each([
    ['ALARM', 'firing'],
    ['OK', 'resolved'],
  ])('%s is %s', (state, status) => {
    expect(readAlarm(state)).toMatchObject([
      {
        status,
        fingerprint: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:checkout-5xx',
        title: 'checkout-5xx · app/checkout/50dc6c495c0c9188',
        labels: { LoadBalancer: 'app/checkout/50dc6c495c0c9188', metric: 'HTTPCode_Target_5XX_Count' },
        idempotencyKey: 'cloudwatch:m-1',
        startsAt: '2026-11-20T10:16:27.123Z',
      },
    ]);
  });

  test('INSUFFICIENT_DATA opens nothing and closes nothing', () => {
    expect(readAlarm('INSUFFICIENT_DATA')).toEqual([]);
  });

  test('a composite alarm has no trigger', () => {
    const { Trigger: _trigger, ...composite } = sent.alarm();
    expect(fromCloudwatch(alarmSchema.parse(composite), 'm-1')).toHaveLength(1);
  });
});

describe('Sentry', () => {
  test('an issue alert: the issue is the problem', () => {
    expect(read('sentry', sent.sentryEvent())).toEqual([['firing', '1170820242', 'high']]);
    expect(first('sentry', sent.sentryEvent())).toMatchObject({
      title: 'ReferenceError: heck is not defined',
      labels: { browser: 'Chrome 75.0.3770', rule: 'Very important alert rule!' },
      idempotencyKey: 'sentry:e4874d664c3540c1a32eab185f12c5ab',
    });
  });

  test.each([
    ['created', ['firing']],
    ['unresolved', ['firing']],
    ['resolved', ['resolved']],
    ['archived', ['resolved']],
    ['ignored', ['resolved']],
    ['assigned', []],
  ])('an issue that is %s: %j', (action, statuses) => {
    expect(read('sentry', sent.sentryIssue(action))).toEqual(
      statuses.map((status) => [status, '1170820242', 'high']),
    );
  });

  test.each([
    ['critical', ['firing', 'metric_alert:4', 'critical']],
    ['warning', ['firing', 'metric_alert:4', 'warning']],
    ['open', ['firing', 'metric_alert:4', null]],
    ['resolved', ['resolved', 'metric_alert:4', null]],
  ])('a metric alert: %s', (action, expected) => {
    expect(read('sentry', sent.sentryMetric(action))).toEqual([expected]);
  });

  test('an installation is no alert', () => {
    expect(readWebhook('sentry', sent.sentryInstallation)).toEqual([]);
  });
});

describe('Opsgenie', () => {
  test.each([
    ['Create', ['firing']],
    ['Close', ['resolved']],
    ['Delete', ['resolved']],
    ['Acknowledge', []],
    ['AddNote', []],
  ])('%s: %j', (action, statuses) => {
    expect(read('opsgenie', sent.opsgenie(action))).toEqual(
      statuses.map((status) => [status, 'checkout-5xx', 'high']),
    );
  });

  test('without an alias the id identifies it', () => {
    expect(first('opsgenie', sent.opsgenie('Create', { alias: '' })).fingerprint).toBe(
      '052652ac-5d1c-464a-812a-7dd18bbfba8c',
    );
  });
});

describe('anything else', () => {
  test.each([
    ['one alert', { title: 'Disk full', fingerprint: 'd-1', severity: 'P1' }],
    ['a list', [{ title: 'Disk full', fingerprint: 'd-1', severity: 'fatal' }]],
    [
      'a list as alerts',
      { alerts: [{ title: 'Disk full', fingerprint: 'd-1', labels: { severity: 'critical' } }] },
    ],
  ])('%s', (_what, body) => {
    expect(read('generic', body)).toEqual([['firing', 'd-1', 'critical']]);
  });

  test.each(['resolved', 'OK', 'Closed', 'recovered', 'up'])('%s closes', (status) => {
    expect(first('generic', { name: 'x', status }).status).toBe('resolved');
  });

  test('name and labels identify it where nothing else does; how bad it is does not', () => {
    const of = (labels: Record<string, unknown>) =>
      first('generic', { name: 'Disk full', labels }).fingerprint;
    expect(of({ host: 'a', severity: 'warning' })).toBe(of({ severity: 'critical', host: 'a' }));
    expect(of({ host: 'a' })).not.toBe(of({ host: 'b' }));
    expect(of({ text: 'x'.repeat(2_000) })?.length).toBeLessThanOrEqual(500);
  });

  test('what it does not know is kept for the agent', () => {
    expect(first('generic', { title: 'x', probe: { region: 'eu' } }).data).toContain('"region": "eu"');
  });
});

describe('what is wrong is named', () => {
  const {
    alerts: [grafanaAlert],
  } = sent.grafana({});
  test.each<[SecretSource, unknown, string]>([
    ['grafana', { alerts: [{ ...grafanaAlert, fingerprint: 5 }] }, 'alerts[0].fingerprint'],
    ['grafana', { alerts: [] }, 'alerts'],
    ['pagerduty', { event: { event_type: 'incident.triggered', data: {} } }, 'event.id'],
    ['pagerduty', { messages: [] }, 'event'],
    ['datadog', {}, 'alert_id'],
    ['sentry', { action: 'triggered', data: { event: { title: 'x' } } }, 'data.event.issue_id'],
    ['opsgenie', { action: 'Create', alert: {} }, 'alert.alertId'],
    ['generic', { description: 'x' }, 'title'],
    ['generic', { alerts: [{ title: 'x' }, { labels: [] }] }, 'alerts[1].labels'],
    ['generic', 'text', '(body)'],
  ])('%s %j', (source, body, path) => {
    const thrown = (() => {
      try {
        return readWebhook(source, body);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(AppError);
    expect(thrown).toMatchObject({
      code: 'bad_request',
      fields: expect.arrayContaining([expect.objectContaining({ path })]),
    });
  });
});

test.each([
  ['P1', 'critical'],
  ['SEV-2', 'high'],
  ['Warn', 'warning'],
  ['sehr schlimm', 'sehr schlimm'],
  ['  ', null],
  [null, null],
])('severity %j is %j', (word, severity) => {
  expect(severityOf(word)).toBe(severity);
});
