import { describe, expect, test } from 'vitest';
import { createMasker } from './create-masker.ts';

const masker = createMasker({ patterns: ['kubernetes_secret'] });
const VALUE = 'c2VjcmV0LXZhbHVl';

const SECRET = `apiVersion: v1
data:
  tls.key: ${VALUE}
  empty: ""
  multi: |
    ${VALUE}
    ${VALUE}
kind: Secret
metadata:
  name: db
  annotations:
    data: stays
stringData:
  plain: ${VALUE}
type: Opaque`;
const CONFIG_MAP = `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  visible: stays
`;
const OBJECT = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 'stays',
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify({
        apiVersion: 'v1',
        kind: 'Secret',
        stringData: { dsn: VALUE },
      })}\n`,
    },
  },
  data: { dsn: VALUE, empty: '' },
};

function indent(text: string, blanks: number): string {
  return text.replaceAll(/^/gm, ' '.repeat(blanks));
}

function listItem(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line, index) => `${index === 0 ? '- ' : '  '}${line}`)
    .join('\n');
}

const DOCUMENTS: Record<string, string> = {
  'block YAML': SECRET,
  'several documents': `${CONFIG_MAP}---\n${SECRET}\n---\n${CONFIG_MAP}`,
  'no separator': `${CONFIG_MAP}${SECRET}`,
  'after a preamble': `Here is what stays:\n${SECRET}\nDone.\n`,
  'items of a List': `apiVersion: v1\nitems:\n${listItem(SECRET)}\n${listItem(CONFIG_MAP)}\nkind: List\n`,
  'indented items': `items:\n${indent(listItem(SECRET), 4)}\n${indent(listItem(CONFIG_MAP), 4)}\n`,
  'a SecretList without kinds': `items:\n- data:\n    p: ${VALUE}\n  metadata:\n    name: stays\nkind: SecretList\n`,
  'a block scalar': `kind: ConfigMap\ndata:\n  manifest.yaml: |\n${indent(SECRET, 4)}\n  other: stays\n`,
  'Windows line ends': `${SECRET}\n`.replaceAll('\n', '\r\n'),
  'quoted keys': `"kind": "Secret"\n"metadata": {"name": "stays"}\n"data":\n  "p": "${VALUE}"\n`,
  'an alias': `x-shared: &shared\n  p: ${VALUE}\nother: stays\nkind: Secret\ndata: *shared\n`,
  'flow YAML': `{kind: Secret, metadata: {name: stays}, data: {p: ${VALUE}, q: "${VALUE}"}}`,
  'flow data': `kind: Secret\ndata: {p: ${VALUE}}\nother: stays\n`,
  'flow data over lines': `kind: Secret\ndata: {\n  p: ${VALUE},\n  q: ${VALUE}\n}\nother: stays\n`,
  JSON: JSON.stringify(OBJECT),
  'a JSON array': `out:\n${JSON.stringify([OBJECT, { kind: 'ConfigMap', data: { v: 'stays' } }], null, 2)}`,
  'a JSON list': JSON.stringify({ kind: 'List', items: [OBJECT] }),
  'a JSON SecretList': JSON.stringify({
    kind: 'SecretList',
    items: [{ data: { p: VALUE }, metadata: { name: 'stays' } }],
  }),
  'a server-side table': JSON.stringify({ kind: 'Table', rows: [{ cells: ['stays', 1], object: OBJECT }] }),
  'YAML inside JSON': JSON.stringify({ content: [{ type: 'text', text: SECRET }] }),
  'JSON in JSON in JSON': JSON.stringify(JSON.stringify(JSON.stringify(OBJECT))),
  'an annotation in block YAML': `annotations:\n  last: |\n    ${JSON.stringify(OBJECT)}\n  name: stays\n`,
  'a single-quoted annotation': `last: '${JSON.stringify(OBJECT)}'\n`,
  'a double-quoted annotation': `last: ${JSON.stringify(JSON.stringify(OBJECT))}\n`,
  'JSON cut off': JSON.stringify(OBJECT).slice(0, -30),
  'JSON cut off in the value': JSON.stringify({
    name: 'stays',
    kind: 'Secret',
    data: { p: VALUE + VALUE },
  }).slice(0, -20),
  'a log line': `msg="apiVersion: v1\\nkind: Secret\\nname: stays\\ndata:\\n  p: ${VALUE}\\n" level=info`,
};

describe('Secrets are found and nothing else is touched', () => {
  test.each(Object.entries(DOCUMENTS))('%s', (_name, text) => {
    const masked = masker.text(text);
    expect(masked).not.toContain(VALUE.slice(0, 8));
    expect(masked).toContain('[MASKED_KUBERNETES_SECRET]');
    expect(masked.split('stays').length).toBe(text.split('stays').length);
    expect(masker.text(masked)).toBe(masked);
  });

  test('key names, empty values and everything around stay as they were', () => {
    expect(masker.text(SECRET)).toBe(`apiVersion: v1
data:
  tls.key: [MASKED_KUBERNETES_SECRET]
  empty: ""
  multi: [MASKED_KUBERNETES_SECRET]
kind: Secret
metadata:
  name: db
  annotations:
    data: stays
stringData:
  plain: [MASKED_KUBERNETES_SECRET]
type: Opaque`);
    const json: unknown = JSON.parse(masker.text(JSON.stringify(OBJECT)));
    expect(json).toMatchObject({ data: { dsn: '[MASKED_KUBERNETES_SECRET]', empty: '' } });
  });

  test.each([
    CONFIG_MAP,
    JSON.stringify({ kind: 'ConfigMap', data: { kind: 'Secret-like', a: VALUE } }),
    'volumes:\n- name: token\n  secret:\n    secretName: api-token\n',
    'Volumes:\n  token:\n    Type:        Secret (a volume populated by a Secret)\n    SecretName:  api-token\n',
    'NAMESPACE   APIVERSION   KIND     NAME   TYPE     DATA   AGE\nshop        v1           Secret   db     Opaque   3      5d\n',
    'kind: Event\ninvolvedObject:\n  kind: Secret\n  name: db\nmessage: no key dsn\n',
  ])('stays: %j', (text) => {
    expect(masker.text(text)).toBe(text);
  });
});
