import { describe, expect, test } from 'vitest';
import { alertmanagerSchema, postAlertSchema } from '../schema.ts';
import { fromAlertmanager, fromPostAlert } from './normalise-alert.ts';

const firing = {
  status: 'firing',
  labels: { alertname: 'KubePodCrashLooping', namespace: 'shop', pod: 'checkout-1', severity: 'critical' },
  annotations: { summary: 'It restarts.' },
  startsAt: '2026-11-20T10:00:00.123456789Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus/graph?g0.expr=up',
  fingerprint: 'a1b2c3d4e5f60718',
};
const payload = (alerts: unknown[]) => ({
  version: '4',
  groupKey: '{}:{alertname="KubePodCrashLooping"}',
  truncatedAlerts: 0,
  status: 'firing',
  receiver: 'tars',
  groupLabels: { alertname: 'KubePodCrashLooping' },
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'http://alertmanager:9093',
  alerts,
});
const parse = (alerts: unknown[]) => fromAlertmanager(alertmanagerSchema.parse(payload(alerts)));

describe('an Alertmanager payload', () => {
  test('each alert stands alone with its own status and fingerprint', () => {
    const alerts = parse([firing, { ...firing, status: 'resolved', fingerprint: 'other' }]);
    expect(alerts).toMatchObject([
      {
        source: 'alertmanager',
        status: 'firing',
        alertType: 'KubePodCrashLooping',
        title: 'KubePodCrashLooping · shop/checkout-1',
        severity: 'critical',
        fingerprint: 'a1b2c3d4e5f60718',
        startsAt: '2026-11-20T10:00:00.123Z',
        idempotencyKey: null,
      },
      { status: 'resolved', fingerprint: 'other' },
    ]);
    expect(JSON.parse(alerts[0]?.data ?? '')).toMatchObject({ labels: firing.labels, status: 'firing' });
  });

  test('the title names the workload rather than its pod, or just the alert', () => {
    const titleFor = (labels: Record<string, string>) => parse([{ ...firing, labels }])[0]?.title;
    expect(titleFor({ ...firing.labels, deployment: 'checkout' })).toBe(
      'KubePodCrashLooping · shop/checkout',
    );
    expect(titleFor({ alertname: 'Watchdog' })).toBe('Watchdog');
    expect(titleFor({ node: 'worker-1' })).toBe('Alert · worker-1');
  });

  test('numbers and booleans of hand-made payloads are taken as text', () => {
    const [alert] = parse([{ ...firing, labels: { alertname: 'A', code: 500, paging: true } }]);
    expect(alert?.labels).toEqual({ alertname: 'A', code: '500', paging: 'true' });
  });

  test.each([
    ['another version', { ...payload([firing]), version: '3' }, ['version']],
    ['no alerts', payload([]), ['alerts']],
    ['a nested label', payload([{ ...firing, labels: { a: {} } }]), ['alerts', 0, 'labels', 'a']],
    ['no fingerprint', payload([{ ...firing, fingerprint: undefined }]), ['alerts', 0, 'fingerprint']],
    ['a broken time', payload([{ ...firing, startsAt: 'yesterday' }]), ['alerts', 0, 'startsAt']],
    ['too many', payload(Array.from({ length: 1_001 }, () => firing)), ['alerts']],
  ])('%s is refused with its place', (_what, body, path) => {
    expect(alertmanagerSchema.safeParse(body).error?.issues.map((issue) => issue.path)).toContainEqual(path);
  });
});

describe('our own format', () => {
  const from = (body: unknown) => fromPostAlert(postAlertSchema.parse(body));

  test('text stays as it is, JSON is laid out for reading', () => {
    expect(from({ data: 'The checkout is down.' })).toMatchObject({
      status: 'firing',
      data: 'The checkout is down.',
      title: null,
      alertType: null,
      fingerprint: null,
    });
    expect(from({ data: { a: [1] } }).data).toBe('{\n  "a": [\n    1\n  ]\n}');
  });

  test('the severity may come as a label', () => {
    expect(from({ data: 'x', labels: { severity: 'warning' } }).severity).toBe('warning');
    expect(from({ data: 'x', severity: 'critical', labels: { severity: 'warning' } }).severity).toBe(
      'critical',
    );
  });

  test.each([
    [{ data: '' }, ['data']],
    [{}, ['data']],
    [{ data: 'x', extra: 1 }, []],
    [{ data: 'x', runbook: 'javascript:alert(1)' }, ['runbook']],
    [{ data: 'x', mcp: { servers: [] } }, ['mcp', 'servers']],
    [{ data: 'x', labels: { a: null } }, ['labels', 'a']],
  ])('%j is refused with its place', (body, path) => {
    expect(postAlertSchema.safeParse(body).error?.issues.map((issue) => issue.path)).toContainEqual(path);
  });
});
