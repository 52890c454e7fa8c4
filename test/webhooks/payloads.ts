/** What the senders really post, as their documentation shows it, shortened where it only repeats itself. */

export const grafana = (
  ...alerts: { status?: string; fingerprint?: string; labels?: Record<string, string> }[]
) => ({
  receiver: 'tars',
  status: 'firing',
  alerts: alerts.map((alert) => ({
    status: 'firing',
    labels: {
      alertname: 'HighLatency',
      grafana_folder: 'Shop',
      namespace: 'shop',
      deployment: 'checkout',
      severity: 'critical',
    },
    annotations: { summary: 'p99 is above 2 s', runbook_url: 'https://books.example/latency' },
    startsAt: '2026-11-20T11:32:00+01:00',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'https://grafana.example/alerting/grafana/cdeqmlhvflz40f/view?orgId=1',
    fingerprint: 'c6eadffa33fcdf37',
    silenceURL: 'https://grafana.example/alerting/silence/new?alertmanager=grafana',
    dashboardURL: '',
    panelURL: '',
    values: { A: 2.41, C: 1 },
    valueString: "[ var='A' labels={} value=2.41 ], [ var='C' labels={} value=1 ]",
    ...alert,
  })),
  groupLabels: { alertname: 'HighLatency' },
  commonLabels: { alertname: 'HighLatency' },
  commonAnnotations: {},
  externalURL: 'https://grafana.example/',
  version: '1',
  groupKey: '{}:{alertname="HighLatency"}',
  truncatedAlerts: 0,
  orgId: 1,
  title: '[FIRING:1] HighLatency (shop)',
  state: 'alerting',
  message: '**Firing**\n\nValue: A=2.41',
});

const incident = {
  id: 'PGR0VU2',
  type: 'incident',
  self: 'https://api.pagerduty.com/incidents/PGR0VU2',
  html_url: 'https://acme.pagerduty.com/incidents/PGR0VU2',
  number: 2,
  status: 'triggered',
  incident_key: 'd3640fbd41094207a1c11e58e46b1662',
  created_at: '2026-11-20T10:16:27Z',
  title: 'Checkout answers 5xx',
  service: { id: 'PF9KMXH', summary: 'Checkout API', type: 'service_reference', html_url: null },
  assignees: [{ id: 'PTUXL6G', summary: 'User 123', type: 'user_reference' }],
  priority: { id: 'PSO75BM', summary: 'P1', type: 'priority_reference' },
  urgency: 'high',
  conference_bridge: null,
  resolve_reason: null,
};

export const pagerduty = (
  type = 'incident.triggered',
  options: { eventId?: string; data?: object } = {},
) => ({
  event: {
    id: options.eventId ?? '01BRB6ZP4M6T8ZG4X6BP63ZB9O',
    event_type: type,
    resource_type: 'incident',
    occurred_at: '2026-11-20T10:16:28.169Z',
    agent: { id: 'PLH1HKV', summary: 'Events API', type: 'service_reference' },
    client: null,
    data: options.data ?? incident,
  },
});

export const pagerdutyNote = pagerduty('incident.annotated', {
  data: {
    incident: { id: 'PGR0VU2', type: 'incident_reference' },
    id: 'P2LA89X',
    content: 'Looking.',
    type: 'incident_note',
  },
});
export const pagerdutyPing = pagerduty('pagey.ping', {
  data: { message: 'Hello from your friend Pagey!', type: 'ping' },
});

export const datadog = (given: Record<string, unknown> = {}) => ({
  id: '7716548234011234567',
  title: '[Triggered on {host:web-1}] CPU is high',
  body: '%%% CPU above 90 % %%%',
  alert_id: '148275309',
  alert_title: 'CPU is high',
  alert_transition: 'Triggered',
  alert_scope: 'host:web-1',
  alert_priority: 'P2',
  alert_type: 'error',
  alert_query: 'avg(last_5m):avg:system.cpu.user{*} by {host} > 90',
  alert_metric: 'system.cpu.user',
  aggreg_key: '9bd4ac313a4d1e8fae2482df7b77628',
  hostname: 'web-1',
  tags: 'env:prod,service:shop,monitor',
  link: 'https://app.datadoghq.eu/monitors/148275309',
  date: '1795169762000',
  ...given,
});

export const alarm = (state = 'ALARM') => ({
  AlarmName: 'checkout-5xx',
  AlarmDescription: 'More than ten 5xx in five minutes',
  AWSAccountId: '123456789012',
  AlarmConfigurationUpdatedTimestamp: '2026-11-01T08:00:00.000+0000',
  NewStateValue: state,
  NewStateReason:
    'Threshold Crossed: 1 datapoint [14.0 (20/11/26 10:11:00)] was greater than the threshold (10.0).',
  StateChangeTime: '2026-11-20T10:16:27.123+0000',
  Region: 'EU (Frankfurt)',
  AlarmArn: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:checkout-5xx',
  OldStateValue: state === 'OK' ? 'ALARM' : 'OK',
  OKActions: [],
  Trigger: {
    MetricName: 'HTTPCode_Target_5XX_Count',
    Namespace: 'AWS/ApplicationELB',
    StatisticType: 'Statistic',
    Statistic: 'SUM',
    Unit: null,
    Dimensions: [{ value: 'app/checkout/50dc6c495c0c9188', name: 'LoadBalancer' }],
    Period: 300,
    EvaluationPeriods: 1,
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: 10,
    TreatMissingData: 'notBreaching',
  },
});

export const sentryEvent = (given: Record<string, unknown> = {}) => ({
  action: 'triggered',
  actor: { id: 'sentry', name: 'Sentry', type: 'application' },
  data: {
    event: {
      event_id: 'e4874d664c3540c1a32eab185f12c5ab',
      issue_id: '1170820242',
      issue_url: 'https://sentry.io/api/0/issues/1170820242/',
      web_url:
        'https://sentry.io/organizations/acme/issues/1170820242/events/e4874d664c3540c1a32eab185f12c5ab/',
      title: 'ReferenceError: heck is not defined',
      level: 'error',
      culprit: 'checkout in pay',
      platform: 'javascript',
      datetime: '2026-11-20T10:16:27.000000Z',
      project: 1,
      tags: [
        ['browser', 'Chrome 75.0.3770'],
        ['level', 'error'],
        ['release', null],
      ],
      exception: { values: [{ type: 'ReferenceError', value: 'heck is not defined' }] },
      _ref: 1,
      ...given,
    },
    triggered_rule: 'Very important alert rule!',
  },
  installation: { uuid: 'a8e5d37a-696c-4c54-adb5-b3f28d64c7de' },
});

export const sentryIssue = (action: string) => ({
  action,
  actor: { id: 'sentry', name: 'Sentry', type: 'application' },
  data: {
    issue: {
      id: '1170820242',
      shortId: 'SHOP-3A',
      title: 'ReferenceError: heck is not defined',
      level: 'error',
      culprit: 'checkout in pay',
      status: 'unresolved',
      firstSeen: '2026-11-20T10:16:27.000000Z',
      lastSeen: '2026-11-20T10:16:27.000000Z',
      permalink: 'https://sentry.io/organizations/acme/issues/1170820242/',
      project: { id: '1', name: 'Shop', slug: 'shop', platform: 'javascript' },
      metadata: { type: 'ReferenceError', value: 'heck is not defined' },
    },
  },
  installation: { uuid: 'a8e5d37a-696c-4c54-adb5-b3f28d64c7de' },
});

export const sentryMetric = (action: string) => ({
  action,
  actor: { id: 'sentry', name: 'Sentry', type: 'application' },
  data: {
    description_text: '1000 events in the last 10 minutes\nFilter: level:error',
    description_title: 'Critical: Too many errors',
    web_url: 'https://sentry.io/organizations/acme/alerts/rules/details/4/?alert=1',
    metric_alert: {
      id: '4',
      identifier: '1',
      title: 'Too many errors',
      date_started: '2026-11-20T10:10:00Z',
      status: 20,
      projects: ['shop'],
      alert_rule: { id: '7', name: 'Too many errors', aggregate: 'count()', query: 'level:error' },
    },
  },
});

export const sentryInstallation = {
  action: 'created',
  actor: { id: 13, name: 'Acme', type: 'user' },
  data: { installation: { uuid: 'a8e5d37a-696c-4c54-adb5-b3f28d64c7de', status: 'installed' } },
};

export const opsgenie = (action = 'Create', alert: Record<string, unknown> = {}) => ({
  source: { name: '', type: 'web' },
  alert: {
    tags: ['shop', 'OverwriteQuietHours'],
    teams: ['team-1'],
    responders: ['recipient1'],
    message: 'Checkout answers 5xx',
    username: 'System',
    alertId: '052652ac-5d1c-464a-812a-7dd18bbfba8c',
    source: 'prometheus',
    alias: 'checkout-5xx',
    tinyId: '10',
    entity: 'checkout',
    createdAt: 1795169787000,
    updatedAt: 1795169787000,
    userId: 'daed1180-0ce8-438b-8f8e-57e1a5920a2d',
    priority: 'P2',
    ...alert,
  },
  action,
  integrationId: '37c8f316-17c6-49d7-899b-9c7e540c048d',
  integrationName: 'TARS',
});
