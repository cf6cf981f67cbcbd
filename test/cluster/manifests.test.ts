import { expect, test } from 'vitest';
import { parseManifest, type Manifest } from '../../generator/cluster/manifests.ts';
import type { Diagnostic } from '../../generator/diagnostics/diagnostic.ts';

const origin = ['addons', 'manifests', 2];

function parse(text: string): { manifest: Manifest; messages: string[]; found: Diagnostic[] } {
  const found: Diagnostic[] = [];
  const manifest = parseManifest({ file: 'm.yaml', text }, origin, (d) => found.push(d));
  return { manifest, found, messages: found.map((d) => d.message) };
}

test('documents keep their text, and their objects are read', () => {
  const first = '# a comment\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {mode: 0644}\n';
  const second = '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: x}\ndata:\n  text: |\n    ---\n';
  const { manifest, messages } = parse(`${first}${second}---\n# nothing\n`);
  expect(messages).toEqual([]);
  expect(manifest.documents.map((d) => d.text)).toEqual([first, second]);
  expect(manifest.documents.map((d) => d.object.metadata.name)).toEqual(['a', 'b']);
});

test('a file that begins with --- or a byte order mark, and Windows line ends', () => {
  const { manifest, messages } = parse('\ufeff---\r\napiVersion: v1\r\nkind: Namespace\r\nmetadata:\r\n  name: a\r\n');
  expect(messages).toEqual([]);
  expect(manifest.documents.map((d) => d.text)).toEqual([
    '---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n',
  ]);
});

test.each([
  ['kind: ConfigMap\nmetadata: {name: a}\n', 'm.yaml:1: has no apiVersion'],
  ['apiVersion: v1\nmetadata: {name: a}\n', 'm.yaml:1: has no kind'],
  ['---\n\napiVersion: v1\nkind: ConfigMap\nmetadata: {}\n', 'm.yaml:3: has no metadata.name'],
  [
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: 3}\n',
    'm.yaml:1: metadata.namespace is not a name',
  ],
  ['- a\n', 'm.yaml:1: is not a map of keys and values'],
  ['', 'm.yaml:1: holds no object'],
  ['apiVersion: v1\nkind: List\nitems: []\n', 'm.yaml:1: is a List: write its items as documents of their own'],
  [
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\nkind: A\nkind: B\n',
    'm.yaml:6: the key "kind" stands twice in one map',
  ],
  [
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: "${triskel:a/b}"}\n',
    'm.yaml:1: holds the text of a hole, ${triskel:…}',
  ],
  ['apiVersion: ../v1\nkind: A\nmetadata: {name: a}\n', 'm.yaml:1: apiVersion is not a version such as v1 or apps/v1'],
  ['apiVersion: v1\nkind: "A\\nB"\nmetadata: {name: a}\n', 'm.yaml:1: kind is not a word'],
  [
    'apiVersion: v1\nkind: A\nmetadata: {name: "a\\n$(x)"}\n',
    'm.yaml:1: metadata.name is not a name that Kubernetes takes',
  ],
  ['apiVersion: v1\nkind: A\nmetadata: {name: ..}\n', 'm.yaml:1: metadata.name is not a name that Kubernetes takes'],
  [
    'apiVersion: v1\nkind: A\nmetadata: {name: a}\nx: "\u0007"\n',
    'm.yaml:4: the file contains the control character U+0007',
  ],
  [
    'apiVersion: v1\nkind: A\nmetadata: &m {name: a, x: *m}\n',
    'm.yaml:3: the alias *m stands within the value that it stands for',
  ],
  ['apiVersion: v1\nkind: !x A\nmetadata: {name: a}\n', 'm.yaml:2: unresolved tag: !x'],
  [
    'apiVersion: v1\nkind: A\nmetadata: {name: a}\n? [a]\n: b\n',
    'm.yaml:4: a key is neither a list, a map nor an alias',
  ],
  [
    `apiVersion: v1\nkind: A\nmetadata: {name: a}\nx: ${'['.repeat(200)}\n`,
    'm.yaml:4: lists and maps lie within each other more than 100 deep',
  ],
])('%j is refused', (text, message) => {
  const { messages, found } = parse(text);
  expect(messages).toEqual([message]);
  expect(found[0]).toMatchObject({ code: 'cluster/manifest', severity: 'error', places: [{ path: origin }] });
});
