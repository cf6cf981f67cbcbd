/** What base/yaml.ts writes, read by PyYAML, which cloud-init reads with. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toYaml } from '../../generator/base/yaml.ts';
import { run } from '../support/programs.ts';

const READ = 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin.buffer.read()), sys.stdout)';

function throughPyYaml(text: string): unknown {
  const { code, output } = run('/usr/bin/python3', ['-c', READ], { input: text });
  if (code !== 0) throw new Error(output);
  return JSON.parse(output);
}

const words = [
  ...[
    '',
    ' ',
    '~',
    'null',
    'yes',
    'No',
    'on',
    'y',
    'true',
    '=',
    '<<',
    '-',
    '?',
    ':',
    '|',
    '>',
    '%',
    '@',
    '`',
    '*a',
    '&a',
  ],
  ...['!!x', '#', '# a', 'a #b', 'a: b', '[a', '{a', '---', '...', '\ufeff', '012', '0o7', '0x1', '1_000', '1e3', '.5'],
  ...[
    '.inf',
    '1.',
    '+1',
    '12:30:45',
    '2001-01-01',
    '2001-01-01T00:00:00Z',
    '0b1',
    '\t',
    'a\tb',
    '\ta',
    'a\t',
    '"',
    "'",
  ],
];
const piece = fc.oneof(
  fc.constantFrom(
    ...words,
    '\n',
    '\n\n',
    '\r',
    '\r\n',
    '\\',
    '\\n',
    '\u0085',
    '\u2028',
    '\u2029',
    '\x7f',
    '\x9f',
    '\ufffe',
    '\uffff',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.string({ unit: fc.constantFrom(' ', '\t', '\n', 'x'), maxLength: 12 }),
  fc.constant('a longer piece of text, which serialisers like to fold or to spread over lines '),
);
const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));

test('2,000 awkward texts come back as they were: as values, in lists, as keys', () => {
  const texts = [...words, ...fc.sample(text, { numRuns: 2000, seed: 20 })];
  const keys = Object.fromEntries(texts.filter((each) => each.length < 100).map((each) => [each, 0]));
  const value = { list: texts, nested: { map: texts.map((each) => ({ content: each })) }, keys };
  expect(throughPyYaml(toYaml(value))).toEqual(value);
});

test('numbers, booleans and nothing keep their types', () => {
  const value = { a: 1, b: 1.5, c: true, d: null, e: [], f: {}, g: '' };
  expect(throughPyYaml(toYaml(value))).toEqual(value);
});

test('the reader tells a difference where there is one', () => {
  expect(throughPyYaml('- yes\n- 0644\n- 12:30:45\n')).toEqual([true, 420, 45_045]);
  expect(() => throughPyYaml('a: b\tc: d\n\tx')).toThrow();
});
