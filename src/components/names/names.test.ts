import { createElement, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Markdown } from '../markdown.tsx';
import { Names } from './names.tsx';
import { NamesContext } from './names-context.ts';

const HOST = '[HOST_7k2m9q4x]';
const EVIL = '[HOST_aaaaaaaa]';
const NAMES = new Map([
  [HOST, 'db-01.corp.internal'],
  [EVIL, '<img src=x onerror=alert(1)> [press](https://evil.example) **loud** `code`'],
]);

const render = (node: ReactNode, nameOf = (placeholder: string) => NAMES.get(placeholder)) =>
  renderToStaticMarkup(
    createElement(NamesContext, { value: { nameOf, miss: () => undefined, switch: null } }, node),
  );
const markdown = (text: string) => render(createElement(Markdown, { text }));
const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, '');

test('names stand in the places of placeholders, marked, with what the model saw', () => {
  const html = render(createElement(Names, null, `ssh ${HOST} and [IP_1] [IP_7k2m9q4x]`));
  expect(textOf(html)).toBe('ssh db-01.corp.internal and [IP_1] [IP_7k2m9q4x]');
  expect(html).toContain(`title="hidden from the model as ${HOST}"`);
  expect(html.match(/data-placeholder/g)).toHaveLength(1);
});

test('seen as the model saw it, the text is as it is kept', () => {
  const text = `ssh ${HOST}`;
  expect(render(createElement(Names, null, text), () => undefined)).toBe(text);
});

test('in Markdown, also in code, tables and emphasis', () => {
  for (const text of [
    `It is ${HOST}.`,
    `It is **${HOST}**.`,
    `Run \`ssh ${HOST}\``,
    `~~~\nssh ${HOST}\n~~~`,
    `| host |\n|---|\n| ${HOST} |`,
    `- ${HOST}: down`,
  ]) {
    expect(textOf(markdown(text))).toContain('db-01.corp.internal');
  }
});

test('what would be a definition or a link to Markdown is a name', () => {
  const html = markdown(`${HOST}: unreachable\n\nSo ${HOST} (primary) and ${HOST}(primary).`);
  expect(textOf(html)).toContain('db-01.corp.internal: unreachable');
  expect(textOf(html)).toContain('So db-01.corp.internal (primary) and db-01.corp.internal(primary).');
  expect(html).not.toContain('<a');
});

test('a name is text, whatever it holds', () => {
  for (const html of [markdown(`It is ${EVIL}.`), render(createElement(Names, null, EVIL))]) {
    expect(html).toContain(
      '&lt;img src=x onerror=alert(1)&gt; [press](https://evil.example) **loud** `code`',
    );
    expect(html).not.toMatch(/<img|<a |<strong|<code/);
  }
});

test('an address with a placeholder stays text, with the placeholder', () => {
  const html = markdown(`[look](https://${HOST}/x)`);
  expect(textOf(html)).toBe(`look (https://${HOST}/x)`);
  expect(html).not.toContain('<a');
});

test('what only looks like a placeholder stays as it is written', () => {
  expect(textOf(markdown('[IP_1] [IP_7k2m9q4x] [tool: c1]'))).toBe('[IP_1] [IP_7k2m9q4x] [tool: c1]');
});
