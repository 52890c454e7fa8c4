import { expect, test } from 'vitest';
import { listDestinations } from '#src/server/config/index.ts';
import { notificationsSchema } from '#src/server/config/schema-notifications.ts';
import { chooseDestinations, type Subject } from './choose-destinations.ts';

const subject: Subject = { event: 'ended', project: 'shop', severity: 'critical', alertType: 'kubernetes' };
const hook = (changes: object) => ({ type: 'webhook', url: 'https://hook.example', ...changes });
const chosen = (destinations: object, about: Partial<Subject> = {}) =>
  chooseDestinations(listDestinations(notificationsSchema.parse({ destinations })), { ...subject, ...about });

test.each([
  ['everything by default', {}, {}, true],
  ['switched off', { enabled: false }, {}, false],
  ['without an address', { url: '' }, {}, false],
  ['the event', { events: ['started', 'ended'] }, {}, true],
  ['another event', { events: ['approvalRequested'] }, {}, false],
  ['another project', { projects: ['other'] }, {}, false],
  ['another alert type', { alertTypes: ['network'] }, {}, false],
  ['the severity in another case', { severities: ['CRITICAL'] }, {}, true],
  ['another severity', { severities: ['warning'] }, {}, false],
  ['no severity where some are asked for', { severities: ['warning'] }, { severity: null }, false],
  [
    'all of them',
    { events: ['ended'], projects: ['shop'], severities: ['critical'], alertTypes: ['kubernetes'] },
    {},
    true,
  ],
])('%s', (_name, settings, about, expected) => {
  expect(chosen({ a: hook(settings) }, about)).toEqual(expected ? ['a'] : []);
});

test('several at once, the one under notifications.slack among them', () => {
  const config = notificationsSchema.parse({
    slack: { channel: '#c', token: 't', events: ['ended'] },
    destinations: { a: hook({}), b: hook({ projects: ['other'] }), c: hook({}) },
  });
  expect(chooseDestinations(listDestinations(config), subject)).toEqual(['slack', 'a', 'c']);
});
