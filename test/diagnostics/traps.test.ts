/** What YAML allows, and what people take for YAML: each trap is refused at its place, or read as it looks. */
import { expect, test } from 'vitest';
import { readCluster } from '../../generator/compile.ts';
import { printDiagnostics } from '../../generator/diagnostics/print.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { blueprintOf } from '../support/triskel.ts';

/** Nine lines; what a trap adds begins on the tenth. */
const GOOD = `${blueprintOf('demo', ['a'])}
acknowledge: [{ code: review/single-control-plane, reason: only for a test }]
`;

/** The first line of what is printed, without the file; nothing when nothing is wrong. */
function firstError(files: Readonly<Record<string, string>>): string {
  const { diagnostics, locate } = readCluster('x.yaml', blueprintFiles(new Map(Object.entries(files))));
  const errors = diagnostics.filter((d) => d.severity === 'error');
  return printDiagnostics(errors, locate, { color: false }).split('\n')[0] ?? '';
}

test.each([
  ['CRLF line ends', GOOD.replaceAll('\n', '\r\n')],
  ['a byte order mark', `\ufeff${GOOD}`],
  ['an end of the document', `${GOOD}...\n`],
  ['a version in a directive', `%YAML 1.2\n---\n${GOOD}`],
  ['tags that say what the value is anyway', GOOD.replace('name: demo', 'name: !!str demo')],
  ['anchors and aliases', `${GOOD}time: { servers: [&a ntp.example.org, *a] }\n`],
  [
    'yes as text',
    `${GOOD}nodeGroups: [{ name: w, count: 0, roles: [worker], addresses: 192.0.2.20-192.0.2.21, labels: { a: yes, yes: no } }]\n`,
  ],
  [
    'labels named as what objects inherit',
    `${GOOD}nodeGroups: [{ name: w, count: 0, roles: [worker], addresses: 192.0.2.20-192.0.2.21, labels: { toString: a, constructor: b } }]\n`,
  ],
])('%s are read as they look', (_trap, text) => {
  expect(firstError({ 'x.yaml': text })).toBe('');
});

const bomb = [
  'b0: &b0 [x, x, x, x, x, x, x, x, x]',
  ...Array.from(
    { length: 9 },
    (_, i) =>
      `b${String(i + 1)}: &b${String(i + 1)} [${Array(9)
        .fill(`*b${String(i)}`)
        .join(', ')}]`,
  ),
].join('\n');

test.each([
  ['nothing', '', 'x.yaml: error: the file is empty [parse/empty]'],
  ['blanks', ' \n\n', 'x.yaml: error: the file is empty [parse/empty]'],
  ['a comment', '# a\n', 'x.yaml: error: the file is empty [parse/empty]'],
  ['null', 'null\n', 'x.yaml: error: the file is empty [parse/empty]'],
  ['a word', 'hello\n', 'x.yaml: error: the file is not a map of keys and values [parse/empty]'],
  ['a list', '- a\n', 'x.yaml: error: the file is not a map of keys and values [parse/empty]'],
  ['NUL', `${GOOD}\0`, 'x.yaml:10:1: error: the file contains the control character U+0000 [parse/not-text]'],
  [
    'ESC in a comment',
    `${GOOD}# \u001b[31m\n`,
    'x.yaml:10:3: error: the file contains the control character U+001B [parse/not-text]',
  ],
  [
    'CR alone',
    GOOD.replaceAll('\n', '\r'),
    'x.yaml:1:23: error: a carriage return without a line feed does not end a line [parse/syntax]',
  ],
  [
    'a tab as indentation',
    GOOD.replace('  - {', '\t- {'),
    'x.yaml:7:1: error: tabs are not allowed as indentation [parse/syntax]',
  ],
  [
    'two documents',
    `${GOOD}---\na: b\n`,
    'x.yaml:10:1: error: a second document begins here, and only one is read [parse/syntax]',
  ],
  [
    'a directive of YAML 1.1',
    `%YAML 1.1\n---\n${GOOD}`,
    'x.yaml:1:1: error: this file is YAML 1.2, and the directive asks for 1.1 [parse/syntax]',
  ],
  [
    'a directive of no YAML',
    `%YAML 1.3\n---\n${GOOD}`,
    'x.yaml:1:7: error: unsupported YAML version 1.3 [parse/syntax]',
  ],
  [
    'a tag of its own',
    GOOD.replace('name: demo', 'name: !env demo'),
    'x.yaml:2:7: error: unresolved tag: !env [parse/syntax]',
  ],
  [
    'a tag of bytes',
    GOOD.replace('name: demo', 'name: !!binary ZGVtbw=='),
    'x.yaml:2:16: error: the tag tag:yaml.org,2002:binary means nothing here [parse/syntax]',
  ],
  [
    'a merge key',
    `${GOOD}time: { <<: { servers: [a.example] } }\n`,
    'x.yaml:10:9: error: the merge key << is of YAML 1.1: write the keys out, or use extends [parse/syntax]',
  ],
  [
    'an alias of nothing',
    `${GOOD}time: *t\n`,
    'x.yaml:10:7: error: the alias *t has no anchor &t before it [parse/syntax]',
  ],
  [
    'an alias of itself',
    `${GOOD}time: &t { servers: *t }\n`,
    'x.yaml:10:21: error: the alias *t stands within the value that it stands for [parse/syntax]',
  ],
  [
    'an alias bomb',
    `${GOOD}${bomb}\n`,
    'x.yaml:17:10: error: *b6 stands for more than a million values [parse/too-large]',
  ],
  [
    'brackets without end',
    `${GOOD}time: ${'['.repeat(200_000)}\n`,
    'x.yaml:10:106: error: lists and maps lie within each other more than 100 deep [parse/too-deep]',
  ],
  [
    'lists in lists in block style',
    `${GOOD}time:\n  ${'- '.repeat(200_000)}x\n`,
    'x.yaml:11:200: error: lists and maps lie within each other more than 100 deep [parse/too-deep]',
  ],
  [
    'a key twice',
    `${GOOD}name: other\n`,
    'x.yaml:10:1: error: the key "name" stands twice in one map [parse/duplicate-key]',
  ],
  [
    'a key that is a list',
    `${GOOD}? [a, b]\n: c\n`,
    'x.yaml:10:3: error: a key is neither a list, a map nor an alias [parse/syntax]',
  ],
  [
    'a key that is a number',
    `${GOOD}1.30: c\n`,
    'x.yaml:10:1: error: the key 1.30 is not text: put it in quotes [parse/syntax]',
  ],
  ['a key that is null', `${GOOD}~: c\n`, 'x.yaml:10:1: error: the key ~ is not text: put it in quotes [parse/syntax]'],
  [
    'the prototype',
    `${GOOD}__proto__: { name: other }\n`,
    'x.yaml:10:1: error: unknown key "__proto__". [blueprint/unknown-key]',
  ],
  [
    'a name of look-alikes',
    GOOD.replace('name: demo', 'name: d\u0435mo'),
    'x.yaml:2:7: error: "d\u0435mo" is not a name of lower-case letters, digits and hyphens that begins with a letter, at most 49 characters (it has the character U+0435) [blueprint/invalid-value]',
  ],
  [
    'a key of look-alikes',
    `${GOOD}n\u043edes: []\n`,
    'x.yaml:10:1: error: unknown key "n\u043edes" (it has the character U+043E). Did you mean "nodes"? [blueprint/unknown-key]',
  ],
  [
    'a mark that turns text',
    GOOD.replace('only for', 'only \u202efor'),
    'x.yaml:9:60: error: this value contains the control character U+202E [blueprint/control-character]',
  ],
  [
    'half a character',
    GOOD.replace('only for a test', '"only for \\ud800"'),
    'x.yaml:9:60: error: this value contains the control character U+D800 [blueprint/control-character]',
  ],
  [
    'more than 2 MiB',
    `${GOOD}${'#'.repeat(2 * 1024 * 1024)}\n`,
    'x.yaml: error: the file has more than 2 MiB [parse/too-large]',
  ],
])('%s is refused', (_trap, text, message) => {
  expect(firstError({ 'x.yaml': text })).toBe(message);
});

/** How the audit log's age may be written so that it is not thirty days. */
test.each([
  '010',
  '0o10',
  '0x10',
  '1e3',
  '.5',
  '-0',
  '.inf',
  '-.inf',
  '.nan',
  '1e400',
  '99999999999999999999',
  '9007199254740993',
  '+5',
])('%s is no number', (text) => {
  expect(firstError({ 'x.yaml': `${GOOD}audit: { maxAge: ${text} }\n` })).toBe(
    `x.yaml:10:18: error: ${text} is not a number in plain decimal digits [parse/number-notation]`,
  );
});

test.each([
  ['audit: { maxAge: 1_000 }', '18: error: "1_000" is not a whole number'],
  ['audit: { maxAge: 12:30:45 }', '18: error: "12:30:45" is not a whole number'],
  ['audit: { maxAge: null }', '18: error: null is not a whole number'],
  ['audit: { maxAge: ~ }', '18: error: null is not a whole number'],
  ['audit: { maxAge: 1.5 }', '18: error: 1.5 is not a whole number'],
  ['audit: { enabled: yes }', '19: error: "yes" is not true or false'],
  ['audit: { enabled: off }', '19: error: "off" is not true or false'],
  ['kubernetes: { version: 1.36 }', '24: error: 1.36 is not text'],
  ['kubernetes: { version: 2026-01-01 }', '24: error: "2026-01-01" is not a full version such as 1.36.3'],
])('%s is told', (line, message) => {
  expect(firstError({ 'x.yaml': `${GOOD}${line}\n` })).toMatch(`x.yaml:10:${message}`);
});

test.each([
  ["['']", 'x.yaml:10:11: error: "" must NOT have fewer than 1 characters [blueprint/invalid-value]'],
  ['["a\\0b"]', 'x.yaml:10:11: error: this value contains the control character U+0000 [blueprint/control-character]'],
  ['[1]', 'x.yaml:10:11: error: 1 is not text [blueprint/wrong-type]'],
])('a fragment called %s is refused', (names, message) => {
  expect(firstError({ 'x.yaml': `${GOOD}extends: ${names}\n` })).toBe(message);
});

test('fragments that multiply are refused, soon', () => {
  const all = Array.from({ length: 30 }, (_, i) => `f${String(i)}.yaml`);
  const fragments = all.map((name, i) => [name, `extends: [${all.slice(i + 1).join(', ')}]\n`] as const);
  const files = { ...Object.fromEntries(fragments), 'x.yaml': `${GOOD}extends: [${all.join(', ')}]\n` };
  expect(firstError(files)).toContain(
    'with this, more than 100 fragments are laid over each other [parse/too-many-fragments]',
  );
});

test('of many mistakes a hundred are printed, and the rest is counted', () => {
  const text = `${GOOD}${Array.from({ length: 150 }, (_, i) => `key${String(i)}: 1\n`).join('')}`;
  const { diagnostics, locate } = readCluster('x.yaml', blueprintFiles(new Map([['x.yaml', text]])));
  const printed = printDiagnostics(diagnostics, locate, { color: false });
  expect(printed.match(/: error: /g)).toHaveLength(100);
  expect(printed).toContain('… and 50 more; --json tells all of them');
});
