import { expect, test } from 'vitest';
import { checkAdministratorStays, type Standing } from './keep-administrator.ts';

const ada: Standing = { id: 'ada', name: 'Ada', role: 'admin', local: false };
const bob: Standing = { id: 'bob', name: 'Bob', role: 'admin', local: false };
const vera: Standing = { id: 'vera', name: 'Vera', role: 'operator', local: false };
const link: Standing = { id: 'link', name: 'Administrator', role: 'admin', local: true };

test.each([
  ['the last one is not removed', [ada, vera], 'ada', null],
  ['nor made less', [ada, vera], 'ada', 'operator'],
  ['the account of the links is no replacement', [ada, link], 'ada', null],
  ['and stays while it is alone', [link, vera], 'link', 'viewer'],
] as const)('%s', (_name, members, id, role) => {
  expect(() => checkAdministratorStays(members, id, role)).toThrow(
    expect.objectContaining({ code: 'conflict', message: expect.stringContaining('last administrator') }),
  );
});

test.each([
  ['one of two', [ada, bob], 'ada', null],
  ['somebody else', [ada, vera], 'vera', null],
  ['the account of the links beside a person', [ada, link], 'link', null],
  ['who stays one', [ada, vera], 'ada', 'admin'],
  ['who is not there', [ada], 'nobody', null],
] as const)('%s may go', (_name, members, id, role) => {
  expect(() => checkAdministratorStays(members, id, role)).not.toThrow();
});
