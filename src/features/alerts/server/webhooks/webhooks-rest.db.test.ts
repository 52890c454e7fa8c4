import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultProjectId } from '#src/server/auth/first-start.ts';
import { findInDatabase } from '#test/dump-database.ts';
import { writeConfig } from '#test/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { rowsOf } from '#test/runs.ts';
import { startTestWeb, type TestWeb } from '#test/web/start-test-web.ts';
import * as sent from '#test/webhooks/payloads.ts';
import { webhookResultSchema } from '../../schema.ts';

const SECRET = 'the shared secret of the tests';
const db = useTestDatabase();
let web: TestWeb;
let firstProject: string;
let key: string;

beforeAll(async () => {
  const configDir = await writeConfig({
    queue: { maxPendingSessions: 100_000 },
    webhooks: {
      pagerduty: { secret: SECRET },
      grafana: { secret: SECRET, project: 'default' },
      sentry: { secret: SECRET, project: 'default' },
      opsgenie: { secret: SECRET, project: 'nowhere' },
    },
  });
  web = await startTestWeb(db.database, { configDir });
  firstProject = await defaultProjectId(db.database.pool);
  key = await web.key(firstProject, 'alerts');
});
afterAll(() => web.close());

const sign = (text: string, secret = SECRET) => createHmac('sha256', secret).update(text).digest('hex');
const bearer = () => ({ authorization: `Bearer ${key}` });

async function post(source: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${web.url}/api/v1/webhooks/${source}`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}
const alertsOf = (answer: { body: unknown }) => webhookResultSchema.parse(answer.body).alerts;

/** Posts it as its sender would sign it. */
function postSigned(source: 'pagerduty' | 'sentry' | 'grafana', body: unknown, headers = {}) {
  const text = JSON.stringify(body);
  const signed = {
    pagerduty: { 'x-pagerduty-signature': `v1=${sign(text, 'an older one')},v1=${sign(text)}` },
    sentry: { 'sentry-hook-signature': sign(text), 'sentry-hook-resource': 'event_alert' },
    grafana: { 'x-grafana-alerting-signature': sign(text) },
  };
  return post(source, text, { ...signed[source], ...headers });
}

test('a signature alone leads to the only project, and nowhere once there are two', async () => {
  const alone = await postSigned('pagerduty', sent.pagerduty());
  expect(alone.status).toBe(202);
  const [alert] = await rowsOf(db.database, 'select project_id, source from alert where id = $1', [
    alertsOf(alone)[0]?.alertId,
  ]);
  expect(alert).toEqual({ project_id: firstProject, source: 'pagerduty' });
  const second = await web.project('second');
  const between = await postSigned('pagerduty', sent.pagerduty());
  expect([between.status, between.body.error.message]).toEqual([
    401,
    expect.stringContaining('webhooks.pagerduty.project'),
  ]);
  // With a key beside it the project is the key's.
  const authorization = `Bearer ${await web.key(second, 'alerts')}`;
  const keyed = await postSigned('pagerduty', sent.pagerduty(), { authorization });
  expect([keyed.status, alertsOf(keyed)[0]?.deduplicated]).toEqual([202, false]);
});

describe('from firing to resolved', () => {
  type Step = [what: string, post: () => ReturnType<typeof post>, status: string, deduplicated: boolean];
  const story: [string, Step[]][] = [
    [
      'PagerDuty',
      [
        [
          'fires',
          () => postSigned('pagerduty', sent.pagerduty('incident.triggered', { eventId: 'e1' }), bearer()),
          'firing',
          true,
        ],
        [
          'resolves',
          () => postSigned('pagerduty', sent.pagerduty('incident.resolved', { eventId: 'e2' }), bearer()),
          'resolved',
          true,
        ],
        [
          'opens again',
          () => postSigned('pagerduty', sent.pagerduty('incident.reopened', { eventId: 'e3' }), bearer()),
          'firing',
          false,
        ],
      ],
    ],
    [
      'Sentry',
      [
        ['fires', () => postSigned('sentry', sent.sentryEvent()), 'firing', false],
        ['fires again', () => postSigned('sentry', sent.sentryEvent({ event_id: 'e-2' })), 'firing', true],
        ['resolves', () => postSigned('sentry', sent.sentryIssue('resolved')), 'resolved', true],
      ],
    ],
    [
      'Datadog',
      [
        ['fires', () => post('datadog', sent.datadog(), bearer()), 'firing', false],
        [
          'resolves',
          () => post('datadog', sent.datadog({ id: '2', alert_transition: 'Recovered' }), bearer()),
          'resolved',
          true,
        ],
      ],
    ],
    [
      'anything',
      [
        ['fires', () => post('generic', { name: 'Disk full' }, bearer()), 'firing', false],
        ['resolves', () => post('generic', { name: 'Disk full', status: 'ok' }, bearer()), 'resolved', true],
      ],
    ],
  ];
  test.each(story)('%s', async (_source, steps) => {
    const sessions: (string | null | undefined)[] = [];
    for (const [what, step, status, deduplicated] of steps) {
      const answer = await step();
      expect(answer.status, what).toBe(202);
      const [entry, ...others] = alertsOf(answer);
      expect([entry?.status, entry?.deduplicated, others.length], what).toEqual([status, deduplicated, 0]);
      sessions.push(entry?.sessionId);
    }
    expect(sessions.every(Boolean)).toBe(true);
  });
});

test('Grafana: a mixed payload, each in its place', async () => {
  const answer = await postSigned(
    'grafana',
    sent.grafana({}, { fingerprint: 'b', status: 'resolved' }, { status: 'resolved' }),
  );
  expect(alertsOf(answer).map(({ fingerprint, status }) => [fingerprint, status])).toEqual([
    ['c6eadffa33fcdf37', 'firing'],
    ['b', 'resolved'],
    ['c6eadffa33fcdf37', 'resolved'],
  ]);
});

test('a delivery that is repeated after its end starts nothing and closes nothing', async () => {
  const data = { id: 'PREPLAY', type: 'incident', title: 'x', urgency: 'high' };
  const deliver = (type: string, eventId: string) =>
    postSigned('pagerduty', sent.pagerduty(type, { eventId, data }), bearer());
  const fired = alertsOf(await deliver('incident.triggered', 'r1'))[0];
  await deliver('incident.resolved', 'r2');
  expect(alertsOf(await deliver('incident.triggered', 'r1'))).toEqual([{ ...fired, deduplicated: true }]);
  const again = alertsOf(await deliver('incident.reopened', 'r3'))[0];
  expect(again?.sessionId).not.toBe(fired?.sessionId);
  expect((await deliver('incident.resolved', 'r2')).status).toBe(202);
  const states = await rowsOf(
    db.database,
    `select status, count from alert where fingerprint = 'PREPLAY' order by id`,
    [],
  );
  expect(states).toEqual([
    { status: 'resolved', count: 1 },
    { status: 'firing', count: 1 },
  ]);
});

describe('a delivery that is sent again by somebody who has seen it', () => {
  const seen = {
    status: 'firing',
    labels: { alertname: 'Seen' },
    annotations: {},
    startsAt: '2026-11-27T08:00:00Z',
    fingerprint: 'seen-by-alertmanager',
  };
  const proven = () => ({ ...bearer(), 'x-tars-token': SECRET });
  const sources: [string, () => ReturnType<typeof post>][] = [
    [
      'alertmanager',
      () => post('alertmanager', { version: '4', status: 'firing', alerts: [seen] }, bearer()),
    ],
    ['opsgenie', () => post('opsgenie', sent.opsgenie('Create', { alias: 'seen' }), proven())],
    ['generic', () => post('generic', { title: 'Seen before', fingerprint: 'seen' }, bearer())],
    ['sentry', () => postSigned('sentry', sent.sentryEvent({ event_id: 'seen', issue_id: 'seen' }))],
  ];
  test.each(sources)('%s: counts on the open problem and starts nothing', async (_source, deliver) => {
    const first = alertsOf(await deliver());
    for (let n = 0; n < 3; n += 1) {
      const again = alertsOf(await deliver());
      expect(again.map(({ deduplicated }) => deduplicated)).toEqual(first.map(() => true));
      expect(again.map(({ sessionId }) => sessionId)).toEqual(first.map(({ sessionId }) => sessionId));
    }
  });

  test('an idempotency key holds after the problem is over, too', async () => {
    const fire = { title: 'Over', fingerprint: 'over', idempotencyKey: 'page-1' };
    const [first] = alertsOf(await post('generic', fire, bearer()));
    await post('generic', { title: 'Over', fingerprint: 'over', status: 'resolved' }, bearer());
    const [again] = alertsOf(await post('generic', fire, bearer()));
    expect(again).toMatchObject({ sessionId: first?.sessionId, deduplicated: true });
  });
});

describe('where a secret is configured', () => {
  const text = JSON.stringify(sent.sentryEvent({ issue_id: '77' }));
  test.each<[string, () => Record<string, string>, string]>([
    ['no signature beside a key', bearer, text],
    [
      'a signature of another secret beside a key',
      () => ({ ...bearer(), 'sentry-hook-signature': sign(text, 'x') }),
      text,
    ],
    ['a signature of another body', () => ({ 'sentry-hook-signature': sign(text) }), `${text} `],
    [
      'an unknown key beside a right signature',
      () => ({ authorization: 'Bearer tars_unknownunknownunknown', 'sentry-hook-signature': sign(text) }),
      text,
    ],
    ['nothing at all', () => ({}), text],
    ['an empty signature', () => ({ 'sentry-hook-signature': '' }), text],
  ])('401 with %s', async (_what, headers, body) => {
    const answer = await post('sentry', body, headers());
    expect([answer.status, answer.body.error.code]).toEqual([401, 'unauthorized']);
  });

  test('a viewer with a right signature is still a viewer; another project is not reached', async () => {
    const authorization = `Bearer ${await web.key(firstProject, 'viewer')}`;
    expect((await postSigned('sentry', sent.sentryEvent(), { authorization })).status).toBe(403);
    expect((await postSigned('sentry', sent.sentryEvent(), { 'x-tars-project': 'second' })).status).toBe(404);
  });

  test('a project that there is not is no reason to guess', async () => {
    const answer = await post('opsgenie', sent.opsgenie(), { 'x-tars-token': SECRET });
    expect(answer.status).toBe(401);
    expect((await post('opsgenie', sent.opsgenie(), { 'x-tars-token': SECRET, ...bearer() })).status).toBe(
      202,
    );
  });

  test('a large body of a stranger is refused', async () => {
    const huge = 'x'.repeat(1_100_000);
    expect((await post('sentry', huge)).status).toBe(401);
    expect((await post('sentry', huge, { 'sentry-hook-signature': sign(huge) })).status).toBe(413);
  });
});

test('a signature of a source without a secret is worth nothing', async () => {
  const text = JSON.stringify(sent.datadog());
  expect((await post('datadog', text, { 'x-tars-signature': sign(text, '') })).status).toBe(401);
  expect((await post('datadog', text, { 'x-tars-token': '' })).status).toBe(401);
});

describe('what is no alert is taken, and starts nothing', () => {
  test.each<[string, 'pagerduty' | 'sentry', unknown]>([
    ["PagerDuty's ping", 'pagerduty', sent.pagerdutyPing],
    ['a note', 'pagerduty', sent.pagerdutyNote],
    ["Sentry's installation", 'sentry', sent.sentryInstallation],
  ])('%s', async (_what, source, payload) => {
    const answer = await postSigned(source, payload, bearer());
    expect([answer.status, answer.body]).toEqual([202, { alerts: [] }]);
  });
});

describe('bad bodies are 400, never 500', () => {
  const sources = ['alertmanager', 'datadog', 'generic', 'cloudwatch'];
  const bodies: [string, string][] = [
    ['nothing', ''],
    ['no JSON', '{"a":'],
    ['a number', '17'],
    ['null', 'null'],
    ['an empty object', '{}'],
    ['an empty list', '[]'],
    ['lists of nothing', '{"alerts": [null, 5, []]}'],
    [
      'everything of the wrong kind',
      '{"alerts": {}, "event": [], "alert": 1, "title": {}, "alert_id": [], "Type": 1, "data": null}',
    ],
    ['deep nesting', `{"title":${'['.repeat(500)}${']'.repeat(500)}}`],
  ];
  test.each(sources.flatMap((source) => bodies.map(([what, body]) => [source, what, body] as const)))(
    '%s: %s',
    async (source, _what, body) => {
      const answer = await post(source, body, bearer());
      expect([answer.status, answer.body.error?.code]).toEqual([400, 'bad_request']);
    },
  );

  test('odd characters are stored as far as they can be', async () => {
    const odd = 'NUL \0 half \ud83d';
    const answer = await post('generic', { title: odd, fingerprint: odd, labels: { [odd]: odd } }, bearer());
    expect(answer.status).toBe(202);
  });
});

test('no secret of any payload is stored', async () => {
  const leak = 'Zebra-Tr0mbone-78';
  const answers = [
    await post('generic', { title: `password=${leak}`, password: leak, labels: { token: leak } }, bearer()),
    await post(
      'datadog',
      sent.datadog({ body: `postgres://a:${leak}@db/x`, tags: `password:${leak}` }),
      bearer(),
    ),
    await postSigned(
      'grafana',
      sent.grafana({ fingerprint: 'leak', labels: { alertname: 'Leak', password: leak } }),
    ),
    await postSigned(
      'sentry',
      sent.sentryEvent({
        issue_id: '99',
        event_id: 'e-99',
        request: { headers: [['Authorization', `Bearer ${leak}`]] },
      }),
    ),
  ];
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
  expect(await findInDatabase(db.database, [leak, SECRET])).toEqual([]);
});
